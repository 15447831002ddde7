package io.culvert.testkit.pcap;

import java.io.Serial;

/** A capture that cannot be read: which file, where, what was found and what was expected. */
public final class CaptureException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;
  private final String expected;

  /**
   * A mistake in a capture.
   *
   * @param file the file's name
   * @param offset byte offset of the mistake; in the uncompressed bytes if the file is compressed
   * @param found what is there
   * @param expected what should be there
   */
  public CaptureException(String file, long offset, String found, String expected) {
    super(file + ": byte " + offset + ": " + found + "; expected " + expected);
    this.file = file;
    this.offset = offset;
    this.expected = expected;
  }

  /** The file's name. */
  public String file() {
    return file;
  }

  /** Byte offset of the mistake; in the uncompressed bytes if the file is compressed. */
  public long offset() {
    return offset;
  }

  /** What should be there. */
  public String expected() {
    return expected;
  }
}
