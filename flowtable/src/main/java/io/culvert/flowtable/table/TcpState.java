package io.culvert.flowtable.table;

import java.lang.foreign.MemorySegment;

/**
 * What the edges of a TCP connection do to its flow, as one byte of the entries of both directions.
 *
 * <p>A FIN or RST marks the flow as closing: its packets stay on the fast path, for a shorter time
 * without traffic. A SYN in a closing flow begins another connection between the same ports, which
 * the flow must not carry: from then on its packets go to the slow path, and it is removed at the
 * next tick. A SYN in a flow that is not closing changes nothing: anybody could have sent it (RFC
 * 5961 §4). The packets themselves always go to the slow path, which keeps the connection's state
 * (Linux does the same but for FIN and RST, which newer kernels forward).
 *
 * <p>Workers write plainly and may overtake each other; what is lost then is what the next SYN of
 * the same connection says again.
 */
public final class TcpState {
  /** Neither end has closed the connection. */
  public static final int OPEN = 0;

  /** A FIN or RST went by. */
  public static final int CLOSING = 1;

  /** Behind it, a SYN: the flow's packets may be another connection's. */
  public static final int REOPENED = 2;

  private TcpState() {}

  /**
   * A packet at the edge of a flow's connection goes by.
   *
   * @param entries the entries
   * @param entry offset of the packet's direction
   * @param other offset of the other one
   * @param isSyn true for a SYN, with or without other flags
   * @param clockMs time of the table's clock: the time in which a closing flow waits begins
   * @return true if the flow's state has changed
   */
  public static boolean edge(
      MemorySegment entries, long entry, long other, boolean isSyn, int clockMs) {
    if (of(entries, entry) != (isSyn ? CLOSING : OPEN)) {
      return false;
    }
    entries.set(FlowStore.INT, entry + FlowStore.LAST_SEEN_OFFSET, clockMs);
    set(entries, entry, other, isSyn ? REOPENED : CLOSING);
    if (isSyn) { // Generation 0 is never valid.
      entries.set(FlowStore.INT, entry + FlowStore.GENERATION_OFFSET, 0);
      entries.set(FlowStore.INT, other + FlowStore.GENERATION_OFFSET, 0);
    }
    return true;
  }

  /** The state of an entry. */
  public static int of(MemorySegment entries, long entry) {
    return entries.get(FlowStore.BYTE, entry + FlowStore.TCP_STATE_OFFSET);
  }

  /** Sets the state of both directions. */
  public static void set(MemorySegment entries, long entry, long other, int state) {
    entries.set(FlowStore.BYTE, entry + FlowStore.TCP_STATE_OFFSET, (byte) state);
    entries.set(FlowStore.BYTE, other + FlowStore.TCP_STATE_OFFSET, (byte) state);
  }
}
