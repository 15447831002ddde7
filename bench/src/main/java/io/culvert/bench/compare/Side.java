package io.culvert.bench.compare;

import io.culvert.bench.CliException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * One side while it runs: a process that says {@code ready}, or {@code skip:} with a reason, and
 * then answers a line with a line.
 */
final class Side implements AutoCloseable {
  private static final String READY = "ready";
  private static final String SKIP = "skip: ";

  /**
   * A slice.
   *
   * @param workNs nanoseconds a frame without writing it
   * @param fillNs nanoseconds for writing a frame
   * @param bytesPerFrame bytes of heap allocated a frame
   */
  record Slice(double workNs, double fillNs, double bytesPerFrame) {
    /** Nanoseconds a frame with writing it. */
    double inAllNs() {
      return workNs + fillNs;
    }

    /** From a line: in all, for writing, and perhaps bytes. */
    static Slice parse(String line) {
      String[] words = line.split(" ", -1);
      double fill = Double.parseDouble(words[1]);
      double bytes = words.length > 2 ? Double.parseDouble(words[2]) : 0;
      return new Slice(Double.parseDouble(words[0]) - fill, fill, bytes);
    }
  }

  private final String name;
  private final Process process;
  private final BufferedReader answers;
  private final PrintWriter questions;
  private final String greeting;

  private Side(String name, Process process) throws IOException {
    this.name = name;
    this.process = process;
    answers = process.inputReader(StandardCharsets.UTF_8);
    questions = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    String line = answers.readLine();
    greeting = line == null ? "" : line;
    if (!greeting.equals(READY) && !greeting.startsWith(SKIP)) {
      close();
      throw CliException.failed(name + " did not start: " + greeting);
    }
  }

  /**
   * Starts a process and waits until it can be asked.
   *
   * @param command for bash
   */
  static Side start(String name, String command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", "exec " + command)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    return new Side(name, builder.start());
  }

  String name() {
    return name;
  }

  /** Why it cannot be asked; empty if it can. */
  String skipped() {
    return greeting.equals(READY) ? "" : greeting.substring(SKIP.length());
  }

  /** What it sends. */
  String show() throws IOException {
    return ask("show");
  }

  /** Does a slice of work. */
  Slice slice() throws IOException {
    return Slice.parse(ask("go"));
  }

  private String ask(String question) throws IOException {
    questions.println(question);
    String answer = answers.readLine();
    if (answer == null) {
      throw CliException.failed(name + " ended");
    }
    return answer;
  }

  @Override
  public void close() {
    questions.close();
    process.destroy();
  }
}
