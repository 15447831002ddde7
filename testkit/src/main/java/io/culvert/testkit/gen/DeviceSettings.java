package io.culvert.testkit.gen;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.spi.InnerType;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.spi.Transit;
import io.culvert.testkit.codec.PlainCodec;
import io.culvert.testkit.codec.PlainCodecs;
import io.culvert.testkit.codec.PlainTunnel;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.testkit.law.StackLayer;
import io.culvert.wire.IpFamily;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.HashSet;
import java.util.Set;

/** What the settings of a generated router's devices come to. */
final class DeviceSettings {
  private static final int UDP_HEADER = 8;

  private final EncapRegistry registry;
  private final Seq<PlainCodec> codecs;
  private final Set<String> taken = new HashSet<>();

  DeviceSettings(EncapRegistry registry) {
    this.registry = registry;
    codecs = PlainCodecs.of(registry.providers().map(Guarded::provider));
  }

  /** Settings with the place of the device: its ends, or what it lies on. */
  static Settings place(
      StackLayer layer, Settings bare, Option<Addresses> ends, Underlay below, boolean isBound) {
    Settings settings = isBound ? bare.with("dev", below.name()) : bare;
    return ends.map(e -> layer.placed(settings, e))
        .getOrElse(() -> settings.with("link", below.name()));
  }

  /** The peer's device; none if nobody speaks its protocol. */
  Option<PlainTunnel> peer(Settings settings) {
    return codecs
        .find(codec -> codec.linkTypes().contains(settings.linkType()))
        .flatMap(codec -> codec.open(settings).toOption());
  }

  /** Tunnels of others: what the registry lets pass through, by devices as its samples have. */
  Seq<Passing> passing() {
    return registry
        .report()
        .accepted()
        .flatMap(accepted ->
            accepted
                .transit()
                .map(transit -> passing(transit, registry.provider(accepted.name()).get())));
  }

  private Passing passing(Transit transit, Guarded provider) {
    Carrier carrier = Carrier.ipProtocol(transit.family(), transit.protocol());
    return new Passing(
        transit,
        provider
            .provider()
            .samples()
            .map(Sample::settings)
            .distinct()
            .filter(settings -> provider.provider().carriers(settings).contains(carrier))
            .flatMap(this::peer));
  }

  /** Bytes that the IP packet in a device grows by; tags are not counted by the device below. */
  int overhead(StackLayer layer, Settings settings) {
    if (layer.kind() == StackLayer.Kind.TAG) {
      return 0;
    }
    InnerType inner =
        layer.kind() == StackLayer.Kind.BRIDGE
            ? InnerType.ETHERNET
            : InnerType.of(layer.carried().head());
    EncapProvider provider = provider(settings);
    EncapTuple tuple = provider.tuple(settings, inner, Direction.TRANSMIT).get();
    int shim = provider.shim(tuple, inner).get().length();
    int frame = layer.kind() == StackLayer.Kind.BRIDGE ? PlainFrames.ETHERNET : 0;
    return shim
        + frame
        + switch (tuple.carrier()) {
          case Carrier.EtherTypeCarrier _ -> 0;
          case Carrier.IpProtocolCarrier(IpFamily family, int _) -> family.headerLength();
          case Carrier.UdpPortCarrier(IpFamily family, int _) -> family.headerLength() + UDP_HEADER;
        };
  }

  /** False if another device takes the same frames of the same device below, or packets. */
  boolean isNew(StackLayer layer, Settings settings, String below) {
    if (!layer.isOnEthernet()) {
      return layer.socket().isEmpty() || taken.add(layer.socket());
    }
    EncapTuple tuple =
        provider(settings)
            .tuple(settings, InnerType.of(layer.carried().head()), Direction.RECEIVE)
            .get();
    return taken.add(below + tuple.carrier() + tuple.words() + tuple.peer());
  }

  private EncapProvider provider(Settings settings) {
    return registry.providerOf(settings.linkType()).get().provider();
  }
}
