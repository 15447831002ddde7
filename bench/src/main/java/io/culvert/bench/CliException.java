package io.culvert.bench;

import java.io.Serial;

/** Ends a command with one message for the user and an exit status; no stack trace. */
public final class CliException extends RuntimeException {
  /** Something failed while running: files, captures. */
  public static final int FAILED = 1;

  /** The command line or the scenario is wrong. */
  public static final int USAGE = 2;

  @Serial private static final long serialVersionUID = 1L;

  private final int status;

  private CliException(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** A failure while running. */
  public static CliException failed(String message) {
    return new CliException(FAILED, message);
  }

  /** A mistake of the user. */
  public static CliException usage(String message) {
    return new CliException(USAGE, message);
  }

  /** The exit status. */
  public int status() {
    return status;
  }
}
