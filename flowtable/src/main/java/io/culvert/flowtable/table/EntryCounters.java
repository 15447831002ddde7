package io.culvert.flowtable.table;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Packets and bytes of an entry, in the two words that an entry has for them.
 *
 * <p><em>One worker</em> counts packets in the first word and bytes in the second one, by plain
 * stores.
 *
 * <p><em>Several workers</em> add both at once to the first word, by one atomic addition:
 *
 * <pre>
 * first word:   bytes 36 | packets 28
 * second word:  quanta of 2^35 bytes 36 | quanta of 2^27 packets 28
 * </pre>
 *
 * <p>Who sees the upper bit of a field set takes it out of the first word and adds a quantum to the
 * second one: long before the field overflows, and by compare-and-set, so that each quantum moves
 * once. While one is on its way a reader may miss it; when the bursts are over the sum is exact.
 */
public final class EntryCounters {
  private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

  private static final int PACKET_BITS = 28;
  private static final long PACKETS = (1L << PACKET_BITS) - 1;
  private static final long PACKET_QUANTUM = 1L << 27;
  private static final long BYTE_QUANTUM = 1L << 63;
  private static final int BYTE_QUANTUM_BITS = 35;

  private EntryCounters() {}

  /**
   * Counts one packet where several workers do.
   *
   * @param entries the entries
   * @param entry offset of the entry
   * @param length its bytes, 0..65535
   */
  public static void add(MemorySegment entries, long entry, int length) {
    long one = (long) length << PACKET_BITS | 1;
    long sum = (long) WORD.getAndAdd(entries, entry + FlowStore.PACKETS_OFFSET, one) + one;
    if ((sum & (PACKET_QUANTUM | BYTE_QUANTUM)) != 0) {
      carry(entries, entry);
    }
  }

  private static void carry(MemorySegment entries, long entry) {
    long at = entry + FlowStore.PACKETS_OFFSET;
    long sum = (long) WORD.getVolatile(entries, at);
    long full = sum & (PACKET_QUANTUM | BYTE_QUANTUM);
    // Whoever is faster has it; if somebody else only counted, the next packet will see the bit.
    if (full != 0 && WORD.compareAndSet(entries, at, sum, sum ^ full)) {
      long bytes = full >>> 63;
      long packets = (full & PACKETS) / PACKET_QUANTUM;
      WORD.getAndAdd(entries, entry + FlowStore.BYTES_OFFSET, bytes << PACKET_BITS | packets);
    }
  }

  /** Packets counted. */
  public static long packets(MemorySegment entries, long entry, boolean shared) {
    long first = (long) WORD.getAcquire(entries, entry + FlowStore.PACKETS_OFFSET);
    long second = (long) WORD.getAcquire(entries, entry + FlowStore.BYTES_OFFSET);
    return shared ? (first & PACKETS) + (second & PACKETS) * PACKET_QUANTUM : first;
  }

  /** Bytes counted. */
  public static long bytes(MemorySegment entries, long entry, boolean shared) {
    long first = (long) WORD.getAcquire(entries, entry + FlowStore.PACKETS_OFFSET);
    long second = (long) WORD.getAcquire(entries, entry + FlowStore.BYTES_OFFSET);
    return shared
        ? (first >>> PACKET_BITS) + ((second >>> PACKET_BITS) << BYTE_QUANTUM_BITS)
        : second;
  }
}
