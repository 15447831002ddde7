package io.culvert.flowtable.table;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Negative controls: each of these must fail, or the tests beside them prove nothing. */
public final class Broken {
  private Broken() {}

  /** The index's slot before the entry. */
  @JCStressTest
  @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "not there yet")
  @Outcome(id = "5, 5", expect = ACCEPTABLE, desc = "there")
  @Outcome(expect = FORBIDDEN, desc = "half an entry")
  @State
  public static class PublishedBeforeFilled {
    private final Rig rig = new Rig();

    public PublishedBeforeFilled() {
      rig.fill(0, Rig.KEY_A, 0); // the key is there, the rest comes late
    }

    @Actor
    public void control() {
      rig.index.insert(Rig.KEY_A, 0);
      rig.fill(0, Rig.KEY_A, 5);
    }

    @Actor
    public void worker(II_Result r) {
      int entry = rig.find(Rig.KEY_A);
      r.r1 = entry < 0 ? -1 : rig.template(entry);
      r.r2 = entry < 0 ? -1 : rig.mtu(entry);
    }
  }

  /** The entry is another flow's while a burst may hold it. */
  @JCStressTest
  @Outcome(id = "-1", expect = ACCEPTABLE, desc = "not there any more")
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "still there")
  @Outcome(expect = FORBIDDEN, desc = "another flow's template")
  @State
  public static class ReusedWithoutWaiting extends BurstStress.RemovalParts {
    @Override
    void await() {}

    @Actor
    public void control() {
      remove();
    }

    @Actor
    public void worker(I_Result r) {
      r.r1 = forward();
    }
  }

  /** The call returns while a burst runs. */
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "in time, or refused")
  @Outcome(expect = FORBIDDEN, desc = "forwarded after the return")
  @State
  public static class PolicyWithoutWaiting extends BurstStress.PolicyParts {
    @Override
    void await() {}

    @Actor
    public void control() {
      policyChanged();
    }

    @Actor
    public void worker(I_Result r) {
      r.r1 = forward();
    }
  }

  /** Two workers count by plain stores. */
  @JCStressTest
  @Outcome(id = "4, 6000", expect = ACCEPTABLE, desc = "exact")
  @Outcome(expect = FORBIDDEN, desc = "lost or counted twice")
  @State
  public static class PlainAddition extends CounterStress.Parts {
    @Override
    void add() {
      long sum = entries.get(FlowStore.LONG, FlowStore.PACKETS_OFFSET);
      entries.set(FlowStore.LONG, FlowStore.PACKETS_OFFSET, sum + (1500L << 28 | 1));
    }

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

  /** The larger index is shown, and the smaller one zeroed, while bursts search it. */
  @JCStressTest
  @Outcome(id = "0, 3", expect = ACCEPTABLE, desc = "found")
  @Outcome(expect = FORBIDDEN, desc = "missed")
  @State
  public static class GrownWithoutWaiting {
    private final GrowingRig rig = new GrowingRig();

    @Actor
    public void control() {
      rig.move();
      rig.index.show(() -> {});
    }

    @Actor
    public void worker(II_Result r) {
      r.r1 = rig.find(0);
      r.r2 = rig.find(3);
    }
  }

  /** The larger index is shown before all is in it. */
  @JCStressTest
  @Outcome(id = "0, 3", expect = ACCEPTABLE, desc = "found")
  @Outcome(expect = FORBIDDEN, desc = "missed")
  @State
  public static class ShownBeforeFilled {
    private final GrowingRig rig = new GrowingRig();

    @Actor
    public void control() {
      rig.index.move(1, GrowingRig.PAIRS, _ -> true);
      rig.index.show(rig.bursts::await);
    }

    @Actor
    public void worker(II_Result r) {
      r.r1 = rig.find(0);
      r.r2 = rig.find(3);
    }
  }
}
