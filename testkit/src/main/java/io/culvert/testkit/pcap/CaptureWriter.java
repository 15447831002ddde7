package io.culvert.testkit.pcap;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes classic pcap: little-endian, microseconds (rounded down), Ethernet, snapshot length
 * 262144.
 *
 * <p>Nothing is atomic here: who must not leave half a file writes to another name and renames it.
 */
public final class CaptureWriter implements AutoCloseable {
  private final OutputStream out;
  private int frames;

  /** Writes the file header to a new or emptied file. */
  public CaptureWriter(Path file) throws IOException {
    this(Files.newOutputStream(file));
  }

  /** Writes the file header to a stream, which {@link #close} closes. */
  public CaptureWriter(OutputStream stream) throws IOException {
    out = new BufferedOutputStream(stream, 1 << 16);
    u32(0xa1b2c3d4L);
    u16(2);
    u16(4);
    u32(0);
    u32(0);
    u32(CaptureSource.MAX_FRAME_LENGTH);
    u32(CaptureFrame.ETHERNET);
  }

  /**
   * Appends a frame.
   *
   * @param timestampNs nanoseconds since the epoch, up to the year 2106
   * @param frame the whole frame without FCS, at most 262144 bytes
   * @return the frame's number in this capture, from 1
   */
  public int write(long timestampNs, byte[] frame) throws IOException {
    long seconds = Math.floorDiv(timestampNs, 1_000_000_000L);
    if (seconds >>> 32 != 0 || frame.length > CaptureSource.MAX_FRAME_LENGTH) {
      throw new IllegalArgumentException(
          "capture: timestampNs=" + timestampNs + " length=" + frame.length);
    }
    u32(seconds);
    u32(Math.floorMod(timestampNs, 1_000_000_000L) / 1000);
    u32(frame.length);
    u32(frame.length);
    out.write(frame);
    return ++frames;
  }

  /** Number of frames written so far. */
  public int frames() {
    return frames;
  }

  private void u32(long value) throws IOException {
    u16((int) value & 0xffff);
    u16((int) (value >>> 16) & 0xffff);
  }

  private void u16(int value) throws IOException {
    out.write(value & 0xff);
    out.write(value >>> 8 & 0xff);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
