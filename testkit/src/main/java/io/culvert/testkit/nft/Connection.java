package io.culvert.testkit.nft;

/** A connection: what its packets come in with, and what they go out with. */
final class Connection {
  private final ConnectionTuple original;
  private ConnectionTuple out;
  private boolean isReplied;
  private boolean isConfirmed;

  Connection(ConnectionTuple original) {
    this.original = original;
    out = original;
  }

  /** What packets of the original direction come in with. */
  ConnectionTuple original() {
    return original;
  }

  /** What packets of the original direction go out with. */
  ConnectionTuple out() {
    return out;
  }

  /** What packets of the reply direction come in with. */
  ConnectionTuple reply() {
    return out.reversed();
  }

  /** Decides the translation; only before the first packet leaves. */
  void translate(ConnectionTuple newOut) {
    if (isConfirmed) {
      throw new IllegalStateException("a connection is translated once: " + original);
    }
    out = newOut;
  }

  boolean isReplied() {
    return isReplied;
  }

  void replied() {
    isReplied = true;
  }

  boolean isConfirmed() {
    return isConfirmed;
  }

  void confirm() {
    isConfirmed = true;
  }
}
