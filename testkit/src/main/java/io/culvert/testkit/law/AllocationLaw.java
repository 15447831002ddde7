package io.culvert.testkit.law;

import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;

/** Law 17: matching allocates nothing, as the JVM counts it. */
public final class AllocationLaw {
  private static final int WARM_UP = 2_000;
  private static final int MEASURED = 2_000;
  private static final int RUNS = 5;

  private AllocationLaw() {}

  /**
   * Law 17: matching packets, good and bad ones, allocates not a byte of heap.
   *
   * @param packets what comes in behind the subject's carrier; matched some thousand times in turn
   */
  public static Option<Violation> law17MatchDoesNotAllocate(
      EncapSubject subject, Seq<byte[]> packets) {
    return LayerLaws.with(
        Law.ALLOCATION,
        subject,
        layer -> {
          for (byte[] packet : packets) {
            Option<Violation> found = judge(subject, layer.encap(), packet);
            if (found.isDefined()) {
              return found;
            }
          }
          return Option.none();
        });
  }

  private static Option<Violation> judge(EncapSubject subject, Encap encap, byte[] packet) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(Math.max(1, packet.length));
      MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 0, packet.length);
      EncapKey key = new EncapKey();
      try {
        run(encap, memory, packet.length, key, WARM_UP);
        long least = Long.MAX_VALUE;
        // The least of some runs: the first ones may link call sites, which is no fault.
        for (int i = 0; i < RUNS && least != 0; i++) {
          least = Math.min(least, run(encap, memory, packet.length, key, MEASURED));
        }
        return least == 0
            ? Option.none()
            : violation(subject, packet, least + " bytes in " + MEASURED + " calls of match");
      } catch (Throwable thrown) {
        return violation(subject, packet, "threw " + thrown);
      }
    }
  }

  /** Bytes that the thread allocated meanwhile. */
  private static long run(Encap encap, MemorySegment memory, int end, EncapKey key, int times) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < times; i++) {
      key.truncate(0);
      var _ = encap.match(memory, 0, end, key);
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static Option<Violation> violation(EncapSubject subject, byte[] packet, String got) {
    return Option.some(
        Violation.byPacket(
            Law.ALLOCATION,
            subject,
            packet,
            "0 bytes allocated",
            got,
            "new, boxing, a lambda that captures, text"));
  }
}
