package io.culvert.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.PropagationMode;
import org.junit.jupiter.api.Test;

/**
 * What a protocol module's test extends: all laws of one provider, run by jqwik.
 *
 * <p>The laws are inherited as {@code final} methods, so that none can be lost by overriding; their
 * names say which law a red one breaks. At the end the cases of each law are printed. A law without
 * any case, or a run without jqwik's engine, fails.
 *
 * <p>Name the class so that the build runs it: Surefire takes {@code *Test}.
 */
@AddLifecycleHook(value = LawHook.class, propagateTo = PropagationMode.ALL_DESCENDANTS)
public abstract class EncapContract extends TableContract {

  /** For subclasses. */
  protected EncapContract() {}

  /** JUnit's own engine checks that jqwik's is there and will run the laws of this class. */
  @Test
  public final void required_canary_lawsAreRun() {
    assertEquals("", LawPlan.problem(getClass()).getOrElse(""));
  }
}
