package io.culvert.flowtable.table;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Two workers count in one entry, at the edge of both fields. */
public final class CounterStress {
  private static final long PACKETS = (1L << 27) - 2;
  private static final long BYTES = (1L << 35) - 3000;

  private CounterStress() {}

  /** An entry that has counted nearly all that fits into the first word. */
  static class Parts {
    final MemorySegment entries = MemorySegment.ofArray(new long[8]);

    Parts() {
      entries.set(FlowStore.LONG, FlowStore.PACKETS_OFFSET, BYTES << 28 | PACKETS);
    }

    void add() {
      EntryCounters.add(entries, 0, 1500);
    }

    final void read(JJ_Result r) {
      r.r1 = EntryCounters.packets(entries, 0, true) - PACKETS;
      r.r2 = EntryCounters.bytes(entries, 0, true) - BYTES;
    }
  }

  /** Four packets of 1500 bytes, by two workers. */
  @JCStressTest
  @Outcome(id = "4, 6000", expect = ACCEPTABLE, desc = "exact")
  @Outcome(expect = FORBIDDEN, desc = "lost or counted twice")
  @State
  public static class TwoWorkers extends Parts {
    @Actor
    public void worker1() {
      add();
      add();
    }

    @Actor
    public void worker2() {
      add();
      add();
    }

    @Arbiter
    public void sum(JJ_Result r) {
      read(r);
    }
  }
}
