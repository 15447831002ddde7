package io.culvert.bench.replay;

import io.culvert.flowtable.Explanation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code explanations.txt}: a paragraph for each frame that was not fast. */
final class ExplanationLog implements AutoCloseable {
  private final PrintWriter file;

  ExplanationLog(Path path) throws IOException {
    file = new PrintWriter(Files.newBufferedWriter(path));
  }

  /**
   * Writes a paragraph.
   *
   * @param line the frame's number in {@code verdicts.jsonl}
   * @param frame where it came from
   */
  void write(long line, String frame, Explanation explanation) {
    file.printf("%d: %s%n%s%n%n", line, frame, explanation);
  }

  /** Fails if anything could not be written. */
  @Override
  public void close() throws IOException {
    boolean failed = file.checkError();
    file.close();
    if (failed) {
      throw new IOException("explanations.txt is not whole");
    }
  }
}
