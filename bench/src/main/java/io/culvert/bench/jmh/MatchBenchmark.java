package io.culvert.bench.jmh;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.Match;
import io.culvert.spi.Sample;
import io.culvert.testkit.law.EncapSubject;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A provider's {@code match} alone, called through the interface on a segment in a field: an upper
 * bound, since the packet path inlines it on constants.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class MatchBenchmark {
  private static final int SLOT = 128;

  /** Name of the provider. */
  @Param("ipip")
  public String provider = "ipip";

  private final EncapKey key = new EncapKey();
  private final MemorySegment memory =
      Arena.global().allocate((long) Frames.PER_INVOCATION * SLOT, 64);
  private Encap encap;
  private int length;

  /** For JMH. */
  @SuppressWarnings("NullAway.Init") // Set by JMH, and in setUp.
  public MatchBenchmark() {}

  /** Lays packets of the first sample out, and checks that they match. */
  @Setup
  public void setUp() {
    Guarded found = EncapRegistry.load().provider(provider).get();
    Sample sample = found.provider().samples().head();
    EncapSubject subject = new EncapSubject(found.provider(), sample.settings(), sample.inner());
    byte[] payload = new byte[20];
    payload[0] = 0x45;
    byte[] packet = subject.layer().get().push(payload);
    encap = subject.layer().get().encap();
    length = packet.length;
    for (int i = 0; i < Frames.PER_INVOCATION; i++) {
      MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, (long) i * SLOT, length);
    }
    if (!Match.isHit(encap.match(memory, 0, length, key))) {
      throw new IllegalStateException(provider + " does not match its own sample");
    }
  }

  /** Matches. */
  @Benchmark
  @OperationsPerInvocation(Frames.PER_INVOCATION)
  public long match() {
    long all = 0;
    for (int i = 0; i < Frames.PER_INVOCATION; i++) {
      key.truncate(0);
      long at = (long) i * SLOT;
      all += encap.match(memory, at, at + length, key);
    }
    return all + key.size();
  }
}
