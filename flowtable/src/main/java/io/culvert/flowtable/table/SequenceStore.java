package io.culvert.flowtable.table;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The sequence numbers of tunnels that have them: what is sent next and what is expected. Shared by
 * all workers and the embedder's slow path, each access atomic.
 *
 * <p><em>Receipt:</em> as in Linux, number 0 as the expected one means that any will do, which it
 * is at the start and again after the numbers have wrapped. Otherwise a packet is taken if its
 * number is the expected one or up to 2^31 - 1 behind it, and the one after it is expected then
 * (RFC 2890 §2.2).
 */
public final class SequenceStore {
  /** Most tunnels with sequence numbers. */
  public static final int MOST = 4096;

  /** Bytes of a tunnel's numbers: a cache line. */
  private static final int STRIDE = 64;

  private static final int EXPECTED_OFFSET = 4;

  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  private final MemorySegment memory = Arena.ofAuto().allocate((long) MOST * STRIDE, STRIDE);

  /** All tunnels at 0. */
  public SequenceStore() {}

  /** The numbers. */
  public MemorySegment memory() {
    return memory;
  }

  /** The number for the next packet that a tunnel sends. */
  public static int next(MemorySegment memory, int tunnel) {
    return (int) INT.getAndAdd(memory, (long) tunnel * STRIDE, 1);
  }

  /** True if {@link #accept} would take a number now; changes nothing. */
  public boolean wouldAccept(int tunnel, int number) {
    int expected = (int) INT.getVolatile(memory, (long) tunnel * STRIDE + EXPECTED_OFFSET);
    return expected == 0 || number - expected >= 0;
  }

  /** Takes a received packet's number, or refuses it as too old; only then nothing changes. */
  public static boolean accept(MemorySegment memory, int tunnel, int number) {
    long at = (long) tunnel * STRIDE + EXPECTED_OFFSET;
    while (true) {
      int expected = (int) INT.getVolatile(memory, at);
      if (expected != 0 && number - expected < 0) {
        return false;
      }
      if (INT.compareAndSet(memory, at, expected, number + 1)) {
        return true;
      }
    }
  }
}
