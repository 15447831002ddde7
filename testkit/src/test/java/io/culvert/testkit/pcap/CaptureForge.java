package io.culvert.testkit.pcap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Makes captures in every form that the reader knows, byte by byte. */
final class CaptureForge {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteOrder order;

  private CaptureForge(ByteOrder order) {
    this.order = order;
  }

  static byte[] classic(ByteOrder order, boolean nanoseconds, List<CaptureFrame> frames) {
    CaptureForge forge = new CaptureForge(order);
    forge.u32(nanoseconds ? 0xa1b23c4dL : 0xa1b2c3d4L);
    forge.u16(2);
    forge.u16(4);
    forge.u32(0);
    forge.u32(0);
    forge.u32(65535);
    forge.u32(CaptureFrame.ETHERNET);
    for (CaptureFrame frame : frames) {
      forge.u32(frame.timestampNs() / 1_000_000_000L);
      forge.u32(frame.timestampNs() % 1_000_000_000L / (nanoseconds ? 1 : 1000));
      forge.u32(frame.data().length);
      forge.u32(frame.originalLength());
      forge.out.writeBytes(frame.data());
    }
    return forge.out.toByteArray();
  }

  /**
   * pcapng with one interface; a block of an unknown type stands before each packet.
   *
   * @param resolution the if_tsresol byte
   * @param packetBlock 6 for enhanced, 2 for the obsolete block
   */
  static byte[] blocks(
      ByteOrder order, byte resolution, int packetBlock, List<CaptureFrame> frames) {
    CaptureForge forge = new CaptureForge(order);
    forge.section();
    forge.description(resolution);
    for (CaptureFrame frame : frames) {
      forge.block(0x0bad, new byte[] {1, 2, 3, 4});
      forge.block(packetBlock, packet(order, resolution, packetBlock, frame));
    }
    return forge.out.toByteArray();
  }

  /** pcapng with simple packets, which have no time. */
  static byte[] simpleBlocks(ByteOrder order, List<CaptureFrame> frames) {
    CaptureForge forge = new CaptureForge(order);
    forge.section();
    forge.description((byte) 6);
    for (CaptureFrame frame : frames) {
      CaptureForge body = new CaptureForge(order);
      body.u32(frame.data().length);
      body.padded(frame.data());
      forge.block(3, body.out.toByteArray());
    }
    return forge.out.toByteArray();
  }

  static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] packet(
      ByteOrder order, byte resolution, int packetBlock, CaptureFrame frame) {
    CaptureForge body = new CaptureForge(order);
    if (packetBlock == 6) {
      body.u32(0);
    } else {
      body.u16(0);
      body.u16(0xffff);
    }
    BigInteger units =
        resolution < 0
            ? BigInteger.TWO.pow(resolution & 0x7f)
            : BigInteger.TEN.pow(resolution & 0x7f);
    BigInteger[] time =
        BigInteger.valueOf(frame.timestampNs())
            .multiply(units)
            .divideAndRemainder(BigInteger.valueOf(1_000_000_000L));
    // Rounded up, so that reading, which rounds down, finds the same nanosecond if it can be said.
    long stamp = time[0].add(BigInteger.valueOf(time[1].signum())).longValue();
    body.u32(stamp >>> 32);
    body.u32(stamp & 0xffffffffL);
    body.u32(frame.data().length);
    body.u32(frame.originalLength());
    body.padded(frame.data());
    return body.out.toByteArray();
  }

  private void section() {
    CaptureForge body = new CaptureForge(order);
    body.u32(0x1a2b3c4dL);
    body.u16(1);
    body.u16(0);
    body.u32(0xffffffffL);
    body.u32(0xffffffffL);
    block(0x0a0d0d0a, body.out.toByteArray());
  }

  private void description(byte resolution) {
    CaptureForge body = new CaptureForge(order);
    body.u16(CaptureFrame.ETHERNET);
    body.u16(0);
    body.u32(0);
    body.u16(2);
    body.u16(3);
    body.padded(new byte[] {'e', 't', 'h'});
    body.u16(9);
    body.u16(1);
    body.padded(new byte[] {resolution});
    body.u16(0);
    body.u16(0);
    block(1, body.out.toByteArray());
  }

  private void block(int type, byte[] body) {
    u32(type);
    u32(12 + body.length);
    out.writeBytes(body);
    u32(12 + body.length);
  }

  private void padded(byte[] bytes) {
    out.writeBytes(bytes);
    out.writeBytes(new byte[-bytes.length & 3]);
  }

  private void u32(long value) {
    out.writeBytes(ByteBuffer.allocate(4).order(order).putInt((int) value).array());
  }

  private void u16(int value) {
    out.writeBytes(ByteBuffer.allocate(2).order(order).putShort((short) value).array());
  }
}
