package io.culvert.testkit.pcap;

import io.vavr.control.Option;

/** Classic pcap: a file header, and a header of 16 bytes before each frame. */
final class ClassicSource implements CaptureSource {
  private static final long MICROSECOND_MAGIC = 0xa1b2c3d4L;
  private static final long NANOSECOND_MAGIC = 0xa1b23c4dL;
  private static final int FILE_HEADER_REST = 20;
  private static final int RECORD_HEADER = 16;

  /** Upper bits of the link type word: length of an FCS behind each frame, if this bit is set. */
  private static final long FCS_PRESENT = 0x0400_0000L;

  private final CaptureInput in;
  private final long fractionNs;
  private final int linkType;
  private int frames;

  private ClassicSource(CaptureInput in, long fractionNs, int linkType) {
    this.in = in;
    this.fractionNs = fractionNs;
    this.linkType = linkType;
  }

  /** A source if the four bytes are a magic number of classic pcap; sets the byte order. */
  static Option<CaptureSource> of(CaptureInput in, byte[] magic) {
    for (boolean littleEndian : new boolean[] {true, false}) {
      in.littleEndian(littleEndian);
      long word = in.u32(magic, 0);
      if (word == MICROSECOND_MAGIC || word == NANOSECOND_MAGIC) {
        return Option.some(new ClassicSource(in, word == NANOSECOND_MAGIC ? 1 : 1000, header(in)));
      }
    }
    return Option.none();
  }

  private static int header(CaptureInput in) {
    byte[] header = in.bytes(FILE_HEADER_REST, "the file header");
    int major = in.u16(header, 0);
    if (major != 2) {
      throw in.mistake(4, "format version " + major + "." + in.u16(header, 2), "version 2");
    }
    long word = in.u32(header, 16);
    if ((word & FCS_PRESENT) != 0) {
      throw in.mistake(20, "frames with an FCS behind them", "frames without FCS");
    }
    return (int) (word & 0xffff);
  }

  @Override
  public Option<CaptureFrame> next() {
    long start = in.offset();
    byte[] header = in.bytesOrEnd(RECORD_HEADER, "a record header");
    if (header.length == 0) {
      return Option.none();
    }
    long length = in.u32(header, 8);
    long originalLength = in.u32(header, 12);
    if (length > MAX_FRAME_LENGTH) {
      throw in.mistake(start + 8, "a frame of " + length + " bytes", "0.." + MAX_FRAME_LENGTH);
    }
    if (originalLength < length) {
      throw in.mistake(
          start + 12,
          "an original length of " + originalLength,
          "no less than the captured " + length);
    }
    long fraction = in.u32(header, 4);
    if (fraction * fractionNs >= 1_000_000_000L) {
      throw in.mistake(start + 4, "a fraction of " + fraction, "less than a second");
    }
    long timestampNs = in.u32(header, 0) * 1_000_000_000L + fraction * fractionNs;
    byte[] data = in.bytes((int) length, "a frame");
    return Option.some(new CaptureFrame(++frames, timestampNs, linkType, data, originalLength));
  }
}
