package io.culvert.bench.measure;

import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Stack;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.worker.FrameBurst;

/**
 * Forwards packets of all kinds of tunnel, into and out of them, until the JIT has compiled their
 * way; a JVM's main.
 */
final class InliningProbe {
  private static final int FRAMES = 3_000_000;
  private static final int BURST = 64;

  /** One of each module; GRE as it is and with a key. */
  static final Stack[] KINDS = {Stack.IPIP, Stack.GRE, Stack.VXLAN, Stack.PPPOE, Stack.VLAN};

  private InliningProbe() {}

  /** Forwards frames, the tunnels in turns. */
  public static void main(String... args) {
    StackPath path =
        new StackPath(320, 64, tunnel -> KINDS[tunnel % KINDS.length], EncapRegistry.load(), 8);
    FrameBurst burst = new FrameBurst(FrameMemory.SEGMENT, BURST);
    long number = 0;
    for (int n = 0; n < FRAMES; n += 2 * BURST) {
      for (Way way : Way.values()) {
        number = path.fill(burst, way, number);
        path.process(burst);
      }
    }
    System.out.println("forwarded " + path.forwarded());
  }
}
