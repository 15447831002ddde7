package io.culvert.flowtable;

import io.culvert.flowtable.table.SequenceStore;
import java.lang.foreign.MemorySegment;

/**
 * The sequence numbers of one tunnel, shared by the fast path and the embedder's slow path: whoever
 * sends takes the next number, whoever receives asks whether a number is in order.
 *
 * <p>Each call is atomic, from any thread. Two workers that send at the same time take different
 * numbers, and nothing orders their packets on the wire: a tunnel that must not be reordered
 * belongs to one worker.
 */
public final class TunnelSequences {
  private final MemorySegment memory;
  private final int number;

  TunnelSequences(MemorySegment memory, int number) {
    this.memory = memory;
    this.number = number;
  }

  /** The number for the next packet to send; 0 at first, wraps at 2^32. */
  public int next() {
    return SequenceStore.next(memory, number);
  }

  /**
   * Judges a received packet, all other checks passed: true, and the number after it is expected
   * from now on, or false if it is too old (RFC 2890 §2.2).
   */
  public boolean accept(int received) {
    return SequenceStore.accept(memory, number, received);
  }
}
