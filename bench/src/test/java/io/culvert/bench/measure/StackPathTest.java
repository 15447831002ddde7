package io.culvert.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Stack;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.worker.FrameBurst;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the benchmarks of stacks time: all of it is forwarded, as the reference router does. */
class StackPathTest {
  private static final int TUNNELS = 4;

  @ParameterizedTest
  @EnumSource(Stack.class)
  void shouldForwardEveryFrameBothWays(Stack stack) {
    EncapRegistry own = UsedModules.of(EncapRegistry.load(), Stack.ours(TUNNELS, _ -> stack));
    for (EncapRegistry registry : new EncapRegistry[] {own, EncapRegistry.load()}) {
      // Compares what is sent with the reference router.
      StackPath path = new StackPath(12, TUNNELS, _ -> stack, registry, 8);
      FrameBurst burst = new FrameBurst(FrameMemory.SEGMENT, 64);
      for (Way way : Way.values()) {
        long before = path.forwarded();
        path.fill(burst, way, 0);
        path.process(burst);
        assertThat(path.forwarded() - before).isEqualTo(64);
      }
    }
  }
}
