package io.culvert.stress;

import java.lang.invoke.VarHandle;

/** Looking at another thread's frames. */
final class VarHandles {
  private VarHandles() {}

  static void fence() {
    VarHandle.fullFence();
  }
}
