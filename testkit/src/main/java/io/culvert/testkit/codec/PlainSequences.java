package io.culvert.testkit.codec;

/** The sequence numbers of one tunnel. */
public interface PlainSequences {

  /** The number for the next packet to send. */
  int next();

  /** Judges a received packet's number; only if it is taken, another one is expected then. */
  boolean accept(int number);

  /** Numbers of its own, by the rule of Linux: what is late is dropped (RFC 2890 §2.2). */
  static PlainSequences own() {
    return new PlainSequences() {
      private int sent;

      // 0 for any, also after the numbers have wrapped.
      private int expected;

      @Override
      public int next() {
        return sent++;
      }

      @Override
      public boolean accept(int number) {
        if (expected != 0 && number - expected < 0) {
          return false;
        }
        expected = number + 1;
        return true;
      }
    };
  }
}
