package io.culvert.testkit.pcap;

import io.vavr.collection.List;
import io.vavr.control.Option;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads captures as a stream: classic pcap with microseconds or nanoseconds in both byte orders,
 * pcapng, and gzip of any of these, told apart by their first bytes.
 *
 * <p>What cannot be read whole is a {@link CaptureException}; a failing disk is an {@link
 * UncheckedIOException}. Not for several threads.
 */
public final class CaptureReader implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final InputStream stream;
  private final CaptureInput in;
  private final CaptureSource source;
  private final boolean ethernetOnly;

  private CaptureReader(String file, InputStream stream, boolean ethernetOnly) {
    this.stream = stream;
    this.ethernetOnly = ethernetOnly;
    in = new CaptureInput(file, stream);
    byte[] magic = in.bytes(4, "the magic number");
    source =
        ClassicSource.of(in, magic)
            .orElse(() -> BlockSource.of(in, magic))
            .getOrElseThrow(() ->
                in.mistake(
                    0,
                    String.format(
                        "magic number %02x%02x%02x%02x", magic[0], magic[1], magic[2], magic[3]),
                    "a pcap or pcapng file, or gzip of one"));
  }

  /** Opens a capture of any link type. */
  public static CaptureReader open(Path file) {
    return open(file, false);
  }

  /** Opens a capture; a frame of another link type than Ethernet is a mistake. */
  public static CaptureReader openEthernet(Path file) {
    return open(file, true);
  }

  /**
   * Reads a capture from a stream, which it closes.
   *
   * @param file name for messages
   * @param stream the bytes
   */
  public static CaptureReader of(String file, InputStream stream) {
    return of(file, stream, false);
  }

  private static CaptureReader open(Path file, boolean ethernetOnly) {
    try {
      return of(file.toString(), Files.newInputStream(file), ethernetOnly);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + reason(e), e);
    }
  }

  /** The system's messages often hold the file's name and nothing else. */
  private static String reason(IOException e) {
    return e.getClass().getSimpleName().replaceAll("([a-z])([A-Z])", "$1 $2")
        + " ("
        + e.getMessage()
        + ")";
  }

  private static CaptureReader of(String file, InputStream stream, boolean ethernetOnly) {
    InputStream buffered = new BufferedInputStream(stream, BUFFER);
    try {
      buffered.mark(2);
      byte[] start = buffered.readNBytes(2);
      buffered.reset();
      boolean gzip = start.length == 2 && start[0] == 0x1f && start[1] == (byte) 0x8b;
      InputStream plain =
          gzip ? new BufferedInputStream(new GZIPInputStream(buffered, BUFFER), BUFFER) : buffered;
      return new CaptureReader(file, plain, ethernetOnly);
    } catch (EOFException | ZipException e) {
      closeQuietly(buffered);
      throw new CaptureException(file, 0, "a damaged gzip header", "gzip data");
    } catch (IOException e) {
      closeQuietly(buffered);
      throw new UncheckedIOException("cannot read " + file + ": " + reason(e), e);
    } catch (CaptureException e) {
      closeQuietly(buffered);
      throw e;
    }
  }

  private static void closeQuietly(InputStream stream) {
    try {
      stream.close();
    } catch (IOException _) {
      // The first failure is the one to report.
    }
  }

  /** The next frame; none at the end of the capture. */
  public Option<CaptureFrame> next() {
    long start = in.offset();
    Option<CaptureFrame> frame = source.next();
    if (ethernetOnly && frame.exists(f -> f.linkType() != CaptureFrame.ETHERNET)) {
      throw in.mistake(
          start, "a frame of link type " + frame.get().linkType(), "link type 1 (Ethernet)");
    }
    return frame;
  }

  /** All frames that are left. */
  public List<CaptureFrame> rest() {
    java.util.List<CaptureFrame> frames = new java.util.ArrayList<>();
    for (Option<CaptureFrame> frame = next(); frame.isDefined(); frame = next()) {
      frames.add(frame.get());
    }
    return List.ofAll(frames);
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
