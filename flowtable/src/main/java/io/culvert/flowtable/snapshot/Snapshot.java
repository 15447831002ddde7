package io.culvert.flowtable.snapshot;

import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.status.FlowStatus;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The flows of a table at one time, checked: for {@link FlowTable#restore} after a restart, or in a
 * standby. The format is that of {@code docs/snapshot.md}.
 *
 * <p>A snapshot holds no ways, and no flow that was stale: restoring looks for the ways anew. It is
 * protected against damage (CRC32C), not against forgery; keep it where only the dataplane can
 * write.
 *
 * <p>Immutable; keeps the bytes, 72 a flow for IPv4 and 96 for IPv6.
 */
public final class Snapshot {
  /** Longest snapshot in bytes that is read. */
  private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  private final SnapshotReader reader;
  private final long size;

  private Snapshot(SnapshotReader reader) {
    this.reader = reader;
    size = reader.flows();
  }

  /**
   * Writes the flows of a table that are valid, as {@link FlowTable#dump} shows them: the table
   * goes on working.
   *
   * @param out flushed, not closed. What was written is a snapshot only if this returns
   * @return the number of flows
   */
  public static long write(FlowTable table, OutputStream out) throws IOException {
    SnapshotWriter writer = new SnapshotWriter(out);
    // A stale flow waits to be judged anew: restored, it would bypass that.
    Iterator<FlowStatus> flows = table.dump().filter(FlowStatus::isValid).iterator();
    while (flows.hasNext()) {
      writer.add(SnapshotFlow.of(flows.next()));
    }
    return writer.finish();
  }

  /**
   * Writes a file. Under its name there is the whole new snapshot or what was there before, also
   * after a crash: it is written beside it under another name, forced to the disk and renamed.
   *
   * @return the number of flows
   */
  public static long save(FlowTable table, Path file) throws IOException {
    Path folder = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), file);
    Path part = Files.createTempFile(folder, "." + file.getFileName() + ".", ".part");
    try {
      long flows;
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
        flows = write(table, out);
      }
      force(part, StandardOpenOption.WRITE);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force(folder, StandardOpenOption.READ);
      return flows;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void force(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  /** Reads a file and checks all of it. */
  public static Either<SnapshotError, Snapshot> load(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in);
    }
  }

  /** Reads a stream to its end and checks all of it. */
  public static Either<SnapshotError, Snapshot> read(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_LENGTH);
    return bytes.length == MAX_LENGTH && in.read() >= 0
        ? Either.left(new SnapshotError.TooLong(MAX_LENGTH))
        : of(bytes);
  }

  private static Either<SnapshotError, Snapshot> of(byte[] bytes) {
    SnapshotReader reader = new SnapshotReader(bytes);
    Option<SnapshotError> error = reader.check();
    return error.isDefined() ? Either.left(error.get()) : Either.right(new Snapshot(reader));
  }

  /** The number of flows. */
  public long size() {
    return size;
  }

  /** The flows, in the order in which they were written. */
  public Stream<SnapshotFlow> flows() {
    return IntStream.iterate(
            reader.firstFlow(SnapshotFormat.HEADER_LENGTH), at -> at >= 0, reader::nextFlow)
        .mapToObj(reader::read);
  }
}
