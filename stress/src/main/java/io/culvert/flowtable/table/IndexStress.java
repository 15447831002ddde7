package io.culvert.flowtable.table;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Look-ups beside one writer: nothing half, nothing missed. */
public final class IndexStress {
  private IndexStress() {}

  private static void read(Rig rig, II_Result r) {
    int entry = rig.find(Rig.KEY_A);
    r.r1 = entry < 0 ? -1 : rig.template(entry);
    r.r2 = entry < 0 ? -1 : rig.mtu(entry);
  }

  /** An entry is seen whole or not at all. */
  @JCStressTest
  @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "not there yet")
  @Outcome(id = "5, 5", expect = ACCEPTABLE, desc = "there")
  @Outcome(expect = FORBIDDEN, desc = "half an entry")
  @State
  public static class Insert {
    private final Rig rig = new Rig();

    @Actor
    public void control() {
      rig.fill(0, Rig.KEY_A, 5);
      rig.index.insert(Rig.KEY_A, 0);
    }

    @Actor
    public void worker(II_Result r) {
      read(rig, r);
    }
  }

  /** A flow that is offered again is there all the time, as the old one or the new one. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the old one")
  @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "the new one")
  @Outcome(expect = FORBIDDEN, desc = "missed, or half an entry")
  @State
  public static class Refresh {
    private final Rig rig = new Rig();

    public Refresh() {
      rig.fill(0, Rig.KEY_A, 1);
      rig.index.insert(Rig.KEY_A, 0);
    }

    @Actor
    public void control() {
      rig.fill(2, Rig.KEY_A, 2);
      rig.index.replace(Rig.KEY_A, 0, 2);
    }

    @Actor
    public void worker(II_Result r) {
      read(rig, r);
    }
  }

  /** A key that must make room is found in one of its buckets at every moment. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "found")
  @Outcome(expect = FORBIDDEN, desc = "missed")
  @State
  public static class Move {
    private final Rig rig = new Rig();
    private static final long NEW_KEY = Rig.key(0, 1, 1);
    private static final long[] FILLERS_0 = new long[7];
    private static final long[] FILLERS_1 = new long[8];

    static {
      for (int filler = 0; filler < 8; filler++) {
        if (filler < 7) {
          FILLERS_0[filler] = Rig.key(0, 1, filler) + ((long) filler + 1 << 40);
        }
        FILLERS_1[filler] = Rig.key(1, 0, filler) + ((long) filler + 1 << 40);
      }
    }

    public Move() {
      int entry = 0;
      rig.fill(entry, Rig.KEY_A, 1);
      rig.index.insert(Rig.KEY_A, entry++); // the first that can make room for the new key
      for (long[] fillers : new long[][] {FILLERS_0, FILLERS_1}) {
        for (long filler : fillers) {
          rig.fill(entry, filler, 1);
          rig.index.insert(filler, entry++);
        }
      }
      rig.fill(entry, NEW_KEY, 1);
    }

    @Actor
    public void control() {
      rig.index.insert(NEW_KEY, 16);
    }

    @Actor
    public void worker(I_Result r) {
      int entry = rig.find(Rig.KEY_A);
      r.r1 = entry < 0 ? -1 : rig.template(entry);
    }
  }
}
