package io.culvert.flowtable.table;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A larger index takes the place of a smaller one: whatever a burst has begun with, it finds. */
public final class GrowthStress {
  private GrowthStress() {}

  /** The smaller one is zeroed as soon as no burst searches it. */
  @JCStressTest
  @Outcome(id = "0, 3", expect = ACCEPTABLE, desc = "found")
  @Outcome(expect = FORBIDDEN, desc = "missed")
  @State
  public static class Show {
    private final GrowingRig rig = new GrowingRig();

    @Actor
    public void control() {
      rig.move();
      rig.index.show(rig.bursts::await);
    }

    @Actor
    public void worker(II_Result r) {
      r.r1 = rig.find(0);
      r.r2 = rig.find(3);
    }
  }

  /** A flow that leaves meanwhile is there or not; the one that stays is. */
  @JCStressTest
  @Outcome(id = "0, 3", expect = ACCEPTABLE, desc = "not gone yet")
  @Outcome(id = "0, -1", expect = ACCEPTABLE, desc = "gone")
  @Outcome(expect = FORBIDDEN, desc = "the other one was missed")
  @State
  public static class ShowAndRemove {
    private final GrowingRig rig = new GrowingRig();

    @Actor
    public void control() {
      rig.move();
      rig.index.remove(GrowingRig.hash(3), 3);
      rig.index.show(rig.bursts::await);
    }

    @Actor
    public void worker(II_Result r) {
      r.r1 = rig.find(0);
      r.r2 = rig.find(3);
    }
  }
}
