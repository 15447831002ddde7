package io.culvert.testkit.pcap;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.ZipException;

/** Bytes of a capture in order, counted, in either byte order. */
final class CaptureInput {
  private final String file;
  private final InputStream in;
  private long offset;
  private boolean littleEndian;

  CaptureInput(String file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  void littleEndian(boolean on) {
    littleEndian = on;
  }

  long offset() {
    return offset;
  }

  /** The next bytes, or none of them if the file ends exactly here. */
  byte[] bytesOrEnd(int count, String what) {
    long start = offset;
    byte[] bytes = upTo(count);
    if (bytes.length != 0 && bytes.length != count) {
      throw ended(start, bytes.length, count, what);
    }
    return bytes;
  }

  byte[] bytes(int count, String what) {
    long start = offset;
    byte[] bytes = upTo(count);
    if (bytes.length != count) {
      throw ended(start, bytes.length, count, what);
    }
    return bytes;
  }

  CaptureException mistake(long at, String found, String expected) {
    return new CaptureException(file, at, found, expected);
  }

  private CaptureException ended(long start, int found, int wanted, String what) {
    return mistake(
        start + found, "the file ends after " + found + " bytes of " + what, wanted + " bytes");
  }

  private byte[] upTo(int count) {
    try {
      byte[] bytes = in.readNBytes(count);
      offset += bytes.length;
      return bytes;
    } catch (EOFException _) {
      throw mistake(offset, "the compressed data ends too early", "the whole gzip stream");
    } catch (ZipException e) {
      throw mistake(offset, "the compressed data is damaged (" + e.getMessage() + ")", "gzip data");
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  int u16(byte[] bytes, int at) {
    int low = bytes[littleEndian ? at : at + 1] & 0xff;
    int high = bytes[littleEndian ? at + 1 : at] & 0xff;
    return high << 8 | low;
  }

  long u32(byte[] bytes, int at) {
    long low = u16(bytes, littleEndian ? at : at + 2);
    long high = u16(bytes, littleEndian ? at + 2 : at);
    return high << 16 | low;
  }

  /** Eight bytes; the caller minds the sign. */
  long i64(byte[] bytes, int at) {
    long low = u32(bytes, littleEndian ? at : at + 4);
    long high = u32(bytes, littleEndian ? at + 4 : at);
    return high << 32 | low;
  }
}
