package io.culvert.testkit.contract;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.testkit.gen.Frames;
import io.culvert.testkit.gen.RouterPlan;
import io.culvert.testkit.gen.Routers;
import io.culvert.testkit.gen.SettingsArbitraries;
import io.culvert.testkit.gen.Stacks;
import io.culvert.testkit.gen.TableCase;
import io.culvert.testkit.gen.TableCases;
import io.culvert.testkit.law.HostPacket;
import io.culvert.testkit.law.TunnelStack;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;

/**
 * The generators by type, for properties of one's own: {@code @Domain(CulvertDomain.class)} on a
 * class or method, then {@code @ForAll TunnelStack stack}. Together with {@code
 * DomainContext.Global} the usual types work as well.
 *
 * <p>Settings, samples and tuples that their provider works with; packets of hosts; stacks,
 * routers, and routers with traffic. The providers are those that the {@link
 * java.util.ServiceLoader} finds and the registry accepts; stacks and routers need one that can be
 * stacked.
 */
public final class CulvertDomain extends DomainContextBase {
  private static final int FRAMES = 40;

  private final EncapRegistry registry = EncapRegistry.load();

  /** For jqwik. */
  public CulvertDomain() {}

  @Provide
  Arbitrary<Sample> samples() {
    return Arbitraries.of(providers().asJava())
        .flatMap(provider ->
            SettingsArbitraries.near(provider, provider.samples())
                .filter(sample -> tuple(provider, sample).nonEmpty()));
  }

  private Seq<EncapProvider> providers() {
    return List.ofAll(registry.providers()).map(Guarded::provider);
  }

  private static Seq<EncapTuple> tuple(EncapProvider provider, Sample sample) {
    return provider
        .tuple(sample.settings(), sample.inner(), Direction.TRANSMIT)
        .fold(_ -> List.empty(), List::of);
  }

  @Provide
  Arbitrary<Settings> settings() {
    return samples().map(Sample::settings);
  }

  @Provide
  Arbitrary<EncapTuple> tuples() {
    return samples()
        .map(sample ->
            registry
                .providerOf(sample.settings().linkType())
                .flatMap(p -> tuple(p.provider(), sample).headOption())
                .get());
  }

  @Provide
  Arbitrary<HostPacket> packets() {
    return Frames.hostPackets();
  }

  @Provide
  Arbitrary<TunnelStack> stacks() {
    return Stacks.stacks(registry);
  }

  @Provide
  Arbitrary<RouterPlan> routers() {
    return Routers.routers(registry);
  }

  @Provide
  Arbitrary<TableCase> tables() {
    return TableCases.cases(registry, FRAMES);
  }
}
