package io.culvert.testkit.pcap;

import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/** pcapng: a sequence of blocks, in sections that may differ in byte order. */
final class BlockSource implements CaptureSource {
  private static final long SECTION_HEADER = 0x0a0d0d0aL;
  private static final long INTERFACE = 1;
  private static final long OBSOLETE_PACKET = 2;
  private static final long SIMPLE_PACKET = 3;
  private static final long ENHANCED_PACKET = 6;
  private static final long BYTE_ORDER_MAGIC = 0x1a2b3c4dL;

  /** Type and length before a block's body, and the length again behind it. */
  private static final int FRAMING = 12;

  private static final int MAX_BLOCK_LENGTH = 1 << 24;

  private final CaptureInput in;
  private final List<CaptureInterface> interfaces = new ArrayList<>();
  private long bodyStart;
  private int frames;

  /** Continues behind the four bytes of a section header's type. */
  private BlockSource(CaptureInput in) {
    this.in = in;
    section(0);
  }

  /** A source if the four bytes are a section header's type, the same in both byte orders. */
  static Option<CaptureSource> of(CaptureInput in, byte[] magic) {
    in.littleEndian(false);
    return in.u32(magic, 0) == SECTION_HEADER ? Option.some(new BlockSource(in)) : Option.none();
  }

  @Override
  public Option<CaptureFrame> next() {
    while (true) {
      long start = in.offset();
      byte[] typeBytes = in.bytesOrEnd(4, "a block type");
      if (typeBytes.length == 0) {
        return Option.none();
      }
      long type = in.u32(typeBytes, 0);
      if (type == SECTION_HEADER) {
        section(start);
        continue;
      }
      byte[] body = body(start, in.u32(in.bytes(4, "a block length"), 0), 0);
      if (type == INTERFACE) {
        interfaces.add(CaptureInterface.of(in, bodyStart, body));
      } else if (type == ENHANCED_PACKET) {
        return Option.some(enhanced(body));
      } else if (type == SIMPLE_PACKET) {
        return Option.some(simple(body));
      } else if (type == OBSOLETE_PACKET) {
        return Option.some(obsolete(body));
      }
      // Any other block has a length to skip it by.
    }
  }

  private void section(long start) {
    byte[] head = in.bytes(8, "a section header");
    for (boolean littleEndian : new boolean[] {true, false}) {
      in.littleEndian(littleEndian);
      if (in.u32(head, 4) == BYTE_ORDER_MAGIC) {
        byte[] rest = body(start, in.u32(head, 0), 4);
        need(rest, 12, "a section header");
        if (in.u16(rest, 0) != 1) {
          throw in.mistake(bodyStart, "format version " + in.u16(rest, 0), "version 1");
        }
        interfaces.clear();
        return;
      }
    }
    throw in.mistake(start + 8, "another byte-order magic", "0x1a2b3c4d in either byte order");
  }

  /** The block's body but for {@code read} bytes of it that were read already. */
  private byte[] body(long start, long length, int read) {
    if (length < FRAMING + read || length > MAX_BLOCK_LENGTH || length % 4 != 0) {
      throw in.mistake(
          start + 4,
          "a block length of " + length,
          "a multiple of 4 in " + (FRAMING + read) + ".." + MAX_BLOCK_LENGTH);
    }
    bodyStart = in.offset();
    byte[] body = in.bytes((int) length - FRAMING - read, "a block");
    long again = in.u32(in.bytes(4, "a block's trailing length"), 0);
    if (again != length) {
      throw in.mistake(in.offset() - 4, "a trailing block length of " + again, "" + length);
    }
    return body;
  }

  private CaptureFrame enhanced(byte[] body) {
    need(body, 20, "an enhanced packet block");
    CaptureInterface from = source(in.u32(body, 0));
    return frame(from, body, 4, 20);
  }

  private CaptureFrame obsolete(byte[] body) {
    need(body, 20, "a packet block");
    CaptureInterface from = source(in.u16(body, 0));
    return frame(from, body, 4, 20);
  }

  private CaptureFrame frame(CaptureInterface from, byte[] body, int timeAt, int dataAt) {
    // The time stamp is two words, the upper one first in both byte orders.
    long time = in.u32(body, timeAt) << 32 | in.u32(body, timeAt + 4);
    long timestampNs = from.nanoseconds(in, bodyStart + timeAt, time);
    long length = in.u32(body, timeAt + 8);
    return make(from, timestampNs, body, dataAt, length, in.u32(body, timeAt + 12), timeAt + 8);
  }

  /** A simple packet has no time stamp, and is captured up to the interface's snapshot length. */
  private CaptureFrame simple(byte[] body) {
    need(body, 4, "a simple packet block");
    CaptureInterface from = source(0);
    long originalLength = in.u32(body, 0);
    long length =
        from.snapLength() == 0 ? originalLength : Math.min(originalLength, from.snapLength());
    return make(from, 0, body, 4, length, originalLength, 0);
  }

  private CaptureFrame make(
      CaptureInterface from,
      long timestampNs,
      byte[] body,
      int dataAt,
      long length,
      long originalLength,
      int lengthAt) {
    long most = Math.min(body.length - dataAt, MAX_FRAME_LENGTH);
    if (length > most) {
      throw in.mistake(bodyStart + lengthAt, "a frame of " + length + " bytes", "0.." + most);
    }
    if (originalLength < length) {
      throw in.mistake(
          bodyStart + lengthAt,
          "an original length of " + originalLength,
          "no less than the captured " + length);
    }
    byte[] data = new byte[(int) length];
    System.arraycopy(body, dataAt, data, 0, data.length);
    return new CaptureFrame(++frames, timestampNs, from.linkType(), data, originalLength);
  }

  private CaptureInterface source(long number) {
    if (number >= interfaces.size()) {
      throw in.mistake(
          bodyStart,
          "a packet of interface " + number,
          "one of the " + interfaces.size() + " interfaces described before");
    }
    return interfaces.get((int) number);
  }

  private void need(byte[] body, int least, String what) {
    if (body.length < least) {
      throw in.mistake(
          bodyStart, what + " of " + body.length + " bytes", "at least " + least + " bytes");
    }
  }
}
