package io.culvert.bench.tunnel;

import io.culvert.bench.CliException;
import io.culvert.bench.Failures;
import io.culvert.bench.replay.OutputFolder;
import io.culvert.testkit.pcap.CaptureFrame;
import io.culvert.testkit.pcap.CaptureReader;
import io.culvert.testkit.pcap.CaptureWriter;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Reads a capture, changes its frames one by one, and writes another. */
public final class CaptureJob {
  // The last second that the 32 bits of a classic capture can say.
  private static final long LAST_SECOND = 0xffff_ffffL;

  private final Path in;
  private final Path out;
  private final TunnelReport report = new TunnelReport();

  /** What becomes of a frame. */
  private interface Change {
    byte[] apply(byte[] frame);
  }

  /**
   * A job.
   *
   * @param in the capture
   * @param out the file to write; it appears when it is complete
   */
  public CaptureJob(Path in, Path out) {
    this.in = in;
    this.out = out;
    try {
      if (Files.exists(out) && Files.exists(in) && Files.isSameFile(in, out)) {
        throw CliException.usage(
            out + ": the input would be overwritten by the output; expected another file");
      }
    } catch (IOException _) {
      // A file that cannot be read or written says so itself, later.
    }
    if (Files.isDirectory(in) || !Files.isReadable(in)) {
      String why =
          Files.notExists(in)
              ? "no such file"
              : Files.isDirectory(in) ? "it is a folder" : "permission denied";
      throw CliException.failed(in + ": cannot read: " + why);
    }
  }

  /** Takes tunnels off. */
  public TunnelReport strip(Stripper stripper, LongConsumer progress) {
    run(
        frame -> {
          Stripper.Stripped stripped = stripper.strip(frame);
          int length = stripped.frame().length;
          if (stripped.layers().isEmpty()) {
            report.untouched(frame.length);
          } else {
            report.stack(stripped.layers().mkString(" / "), frame.length, length);
          }
          if (!stripped.why().isEmpty()) {
            report.leftAlone(stripped.why(), frame.length, length);
          }
          return stripped.frame();
        },
        progress);
    return report;
  }

  /**
   * Puts tunnels on.
   *
   * @param stack the stack as text, for the report
   */
  public TunnelReport wrap(Wrapper wrapper, String stack, LongConsumer progress) {
    run(
        frame -> {
          Either<String, byte[]> wrapped = wrapper.wrap(frame);
          if (wrapped.isLeft()) {
            report.untouched(frame.length);
            report.leftAlone(wrapped.getLeft(), frame.length, frame.length);
            return frame;
          }
          report.stack(stack, frame.length, wrapped.get().length);
          return wrapped.get();
        },
        progress);
    return report;
  }

  private void run(Change change, LongConsumer progress) {
    Path file = out.toAbsolutePath();
    Path parent = file.getParent();
    if (parent == null) {
      throw CliException.failed(out + ": is a folder; expected a file");
    }
    try (CaptureReader reader = CaptureReader.openEthernet(in);
        OutputFolder folder = new OutputFolder(parent, out.toString())) {
      Path part = folder.part(String.valueOf(file.getFileName()));
      try (CaptureWriter writer = new CaptureWriter(part)) {
        copy(reader, change, writer, progress);
      }
      folder.publish();
    } catch (IOException e) {
      throw CliException.failed(out + ": cannot write: " + Failures.reason(e));
    }
  }

  private void copy(
      CaptureReader reader, Change change, CaptureWriter writer, LongConsumer progress)
      throws IOException {
    for (Option<CaptureFrame> next = reader.next(); next.isDefined(); next = reader.next()) {
      CaptureFrame frame = next.get();
      if (frame.timestampNs() / 1_000_000_000L > LAST_SECOND) {
        throw CliException.failed(
            in
                + ": frame "
                + frame.number()
                + " is of a time after 2106; expected one that a classic capture can hold");
      }
      byte[] data = frame.data();
      byte[] changed = data;
      if (frame.isSnapped()) {
        // What is missing could be neither trimmed nor summed up.
        report.untouched(data.length);
        report.leftAlone("cut by the capture's snapshot length", data.length, data.length);
      } else {
        changed = change.apply(data);
      }
      writer.write(frame.timestampNs(), changed);
      progress.accept(frame.number());
    }
  }
}
