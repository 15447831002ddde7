package io.culvert.flowtable.table;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** What a burst may hold, and what holds for it when a control call has returned. */
public final class BurstStress {
  private BurstStress() {}

  private static Bursts bursts() {
    Bursts bursts = new Bursts(1);
    bursts.register();
    return bursts;
  }

  /** The parts that {@link Broken} breaks. */
  static class RemovalParts {
    final Rig rig = new Rig();
    final Bursts bursts = bursts();

    RemovalParts() {
      rig.fill(0, Rig.KEY_A, 1);
      rig.index.insert(Rig.KEY_A, 0);
    }

    void await() {
      bursts.await();
    }

    final void remove() {
      rig.index.remove(Rig.KEY_A, 0);
      await();
      rig.fill(0, Rig.KEY_B, 2);
      rig.index.insert(Rig.KEY_B, 0);
    }

    final int forward() {
      bursts.enter(0);
      int entry = rig.find(Rig.KEY_A);
      int template = entry < 0 ? -1 : rig.template(entry);
      bursts.leave(0);
      return template;
    }
  }

  /** An entry that a burst has found stays this flow's until the burst is over. */
  @JCStressTest
  @Outcome(id = "-1", expect = ACCEPTABLE, desc = "not there any more")
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "still there")
  @Outcome(expect = FORBIDDEN, desc = "another flow's template")
  @State
  public static class RemoveAndReuse extends RemovalParts {
    @Actor
    public void control() {
      remove();
    }

    @Actor
    public void worker(I_Result r) {
      r.r1 = forward();
    }
  }

  /** The parts of a change of policy. */
  static class PolicyParts {
    private static final VarHandle RETURNED;

    static {
      try {
        RETURNED = MethodHandles.lookup().findVarHandle(PolicyParts.class, "returned", int.class);
      } catch (ReflectiveOperationException impossible) {
        throw new ExceptionInInitializerError(impossible);
      }
    }

    final Bursts bursts = bursts();
    int generation = 1; // plain: the burst's own fence must do
    int returned;

    void await() {
      bursts.await();
    }

    final void policyChanged() {
      generation = 2;
      await();
      RETURNED.setOpaque(this, 1);
    }

    /** 1 if a packet was forwarded by the old policy after the call had returned. */
    final int forward() {
      bursts.enter(0);
      boolean isValid = generation == 1;
      for (int packet = 0; packet < 32; packet++) {
        Thread.onSpinWait(); // the rest of the burst
      }
      boolean isLate = isReturned();
      bursts.leave(0);
      return isValid && isLate ? 1 : 0;
    }

    final boolean isReturned() {
      return (int) RETURNED.getOpaque(this) == 1;
    }
  }

  /** No verdict of the old policy after the call has returned. */
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "in time, or refused")
  @Outcome(expect = FORBIDDEN, desc = "forwarded after the return")
  @State
  public static class PolicyChange extends PolicyParts {
    @Actor
    public void control() {
      policyChanged();
    }

    @Actor
    public void worker(I_Result r) {
      r.r1 = forward();
    }
  }

  /**
   * The same of an online worker: what it has sent before it was quiescent, and what it decides.
   */
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "in time, or refused")
  @Outcome(expect = FORBIDDEN, desc = "sent after the return")
  @State
  public static class PolicyChangeOnline extends PolicyParts {
    @Actor
    public void control() {
      policyChanged();
    }

    @Actor
    public void worker(I_Result r) {
      bursts.online(0);
      int late = send();
      quiescent();
      late |= send();
      bursts.offline(0);
      r.r1 = late;
    }

    void quiescent() {
      bursts.pass(0);
    }

    /** A burst without a section of its own, and its frame sent behind it. */
    private int send() {
      bursts.busy(0, true);
      boolean isValid = generation == 1;
      bursts.busy(0, false);
      for (int packet = 0; packet < 32; packet++) {
        Thread.onSpinWait();
      }
      return isValid && isReturned() ? 1 : 0;
    }
  }

  /** What a burst has counted is in the final counters, or counted for nobody. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "removed before")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "counted, and told")
  @Outcome(expect = FORBIDDEN, desc = "counted, and not told")
  @State
  public static class FinalCounters {
    private final Rig rig = new Rig();
    private final Bursts bursts = bursts();
    private long packets;

    public FinalCounters() {
      rig.fill(0, Rig.KEY_A, 1);
      rig.index.insert(Rig.KEY_A, 0);
    }

    @Actor
    public void control(JJ_Result r) {
      rig.index.remove(Rig.KEY_A, 0);
      bursts.await();
      r.r1 = packets;
    }

    @Actor
    public void worker(JJ_Result r) {
      bursts.enter(0);
      if (rig.find(Rig.KEY_A) >= 0) {
        packets++;
        r.r2 = 1;
      }
      bursts.leave(0);
    }
  }
}
