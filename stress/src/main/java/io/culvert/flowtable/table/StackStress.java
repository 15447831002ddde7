package io.culvert.flowtable.table;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.culvert.spi.EncapKey;
import java.util.Random;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The table of tunnel stacks grows while a worker looks for the stack that is added. */
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "not there yet")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "there")
@Outcome(expect = FORBIDDEN, desc = "a number without its words")
@State
public class StackStress {
  private static final Hashing HASHING = Hashing.random(new Random(1));
  private static final EncapKey KEY = key(99);
  private static final long DIGEST = StackTable.digest(HASHING, KEY);

  private final StackTable table = new StackTable(HASHING);

  /** With seven records of eight words, the eighth does not fit into the first 64. */
  public StackStress() {
    for (int stack = 0; stack < 7; stack++) {
      table.intern(key(stack));
    }
  }

  private static EncapKey key(int stack) {
    EncapKey key = new EncapKey();
    for (int word = 0; word < 7; word++) {
      key.add(100L * stack + word);
    }
    return key;
  }

  @Actor
  public void control() {
    table.intern(KEY);
  }

  @Actor
  public void worker(I_Result r) {
    try {
      r.r1 = table.view().find(KEY, DIGEST) == 0 ? 0 : 1;
    } catch (IndexOutOfBoundsException e) {
      r.r1 = -1;
    }
  }
}
