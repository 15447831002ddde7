package io.culvert.testkit.gen;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.spi.Carrier;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.InnerType;
import io.culvert.spi.Patch;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.testkit.law.EncapSubject;
import io.culvert.testkit.law.TunnelStack;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Generates stacks of the tunnels that a registry's providers make. */
public final class Stacks {
  /** Most layers of a stack. */
  public static final int MOST_LAYERS = 8;

  private Stacks() {}

  /** True if the flow table can have such a tunnel: IPv4 in a shim of constant bytes, over IPv4. */
  public static boolean canStack(EncapProvider provider, Sample sample) {
    return sample.inner().equals(InnerType.IPV4)
        && sample.settings().address("local").isDefined()
        && sample.settings().address("remote").isDefined()
        && new EncapSubject(provider, sample.settings(), sample.inner())
            .layer()
            .exists(layer ->
                layer.tuple().carrier() instanceof Carrier.IpProtocolCarrier(IpFamily f, int _)
                    && f == IpFamily.V4
                    && layer.shim().checks().isEmpty()
                    && layer.shim().patches().forAll(Patch.Length.class::isInstance));
  }

  /** The samples of all accepted providers that can be layers of a stack. */
  public static Seq<Sample> samples(EncapRegistry registry) {
    return providers(registry).flatMap(p -> p.samples().filter(s -> canStack(p, s)));
  }

  private static Seq<EncapProvider> providers(EncapRegistry registry) {
    return List.ofAll(registry.providers()).map(Guarded::provider);
  }

  /**
   * Settings of a tunnel without its ends and underlay, of any provider that can be stacked.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Arbitrary<Settings> layers(EncapRegistry registry) {
    Seq<EncapProvider> able =
        providers(registry).filter(p -> p.samples().exists(s -> canStack(p, s)));
    if (able.isEmpty()) {
      throw new IllegalArgumentException("stacks: no provider of the registry can be stacked");
    }
    return Arbitraries.of(able.asJava()).flatMap(Stacks::layersOf);
  }

  private static Arbitrary<Settings> layersOf(EncapProvider provider) {
    Seq<Sample> samples = provider.samples().filter(sample -> canStack(provider, sample));
    return SettingsArbitraries.near(provider, samples)
        .map(sample -> new Sample(sample.settings().without("dev"), sample.inner()))
        .filter(sample -> canStack(provider, sample))
        .map(sample -> sample.settings().without("local").without("remote"));
  }

  /** One to eight tunnels over each other. */
  public static Arbitrary<TunnelStack> stacks(EncapRegistry registry) {
    return layers(registry)
        .list()
        .ofMinSize(1)
        .ofMaxSize(MOST_LAYERS)
        .map(layers -> new TunnelStack(List.ofAll(layers)));
  }
}
