package io.culvert.flowtable;

import io.culvert.flowtable.path.ForwardPath.Layer;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.flowtable.registry.LoadReport.Accepted;
import io.culvert.flowtable.table.PacketState;
import io.culvert.spi.Carrier;
import io.culvert.spi.Carrier.IpProtocolCarrier;
import io.culvert.spi.Direction;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.EncapKey;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.Settings;
import io.culvert.wire.IpFamily;
import io.culvert.wire.Ipv4Address;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/**
 * Which carrier is served by which slot of the parser, and which addresses are our own tunnel ends.
 *
 * <p>The parser descends into a tunnel only at an address of this exact set, in every match mode.
 */
final class Slots {
  private final PacketState state;
  private final Map<Carrier, Integer> byCarrier = new HashMap<>();
  private final java.util.List<Encap> encaps = new ArrayList<>();
  private final java.util.List<String> owners = new ArrayList<>();
  private final Map<Long, Integer> endpoints = new HashMap<>();

  Slots(PacketState state, EncapRegistry registry) {
    this.state = state;
    for (Accepted accepted : registry.report().accepted()) {
      for (Carrier carrier : accepted.carriers()) {
        registry.provider(accepted.name()).forEach(provider -> slot(provider, carrier));
      }
    }
  }

  /** Receive sides by slot, from slot 1 on. */
  java.util.List<Encap> encaps() {
    return encaps;
  }

  /** The provider that a slot belongs to. */
  String owner(int slot) {
    return owners.get(slot - 1);
  }

  /** The slot of a carrier, a new one if it comes into use only now. */
  Either<Seq<EncapError>, Integer> slot(Guarded provider, Carrier carrier) {
    Integer known = byCarrier.get(carrier);
    if (known != null) {
      return owner(known).equals(provider.name())
          ? Either.right(known)
          : refuse(carrier, "it belongs to provider " + owner(known));
    }
    if (!(carrier instanceof IpProtocolCarrier(IpFamily family, int number))
        || family != IpFamily.V4) {
      return refuse(carrier, "only IPv4 protocols are parsed yet");
    }
    if (encaps.size() == PacketState.MAX_SLOTS) {
      return refuse(carrier, "all " + PacketState.MAX_SLOTS + " slots are in use");
    }
    return provider
        .encap(carrier)
        .map(encap -> {
          encaps.add(encap);
          owners.add(provider.name());
          byCarrier.put(carrier, encaps.size());
          state.protocol4(number, encaps.size());
          return encaps.size();
        });
  }

  private static Either<Seq<EncapError>, Integer> refuse(Carrier carrier, String why) {
    return Either.left(List.of(new Unsupported(carrier.toString(), why)));
  }

  /** The key of a way's receive layers, exactly as the parser adds the words. */
  Either<Seq<EncapError>, EncapKey> key(EncapRegistry registry, Seq<Layer> layers) {
    EncapKey key = new EncapKey();
    for (Layer layer : layers) {
      EncapTuple receive = layer.receive();
      Either<Seq<EncapError>, Integer> slot =
          registry
              .provider(receive.provider())
              .toEither(
                  (Seq<EncapError>)
                      List.<EncapError>of(new Unsupported(receive.provider(), "no such provider")))
              .flatMap(provider -> slot(provider, receive.carrier()));
      if (slot.isLeft()) {
        return Either.left(slot.getLeft());
      }
      int first = key.size();
      receive.words().forEach(key::add);
      EncapTuple.Addresses outer = receive.addresses().get();
      key.add(
          ((long) ((Ipv4Address) outer.source()).bits() << 32)
              | (((Ipv4Address) outer.destination()).bits() & 0xffff_ffffL));
      key.add(PacketState.layerWord(slot.get(), key.size() - first));
    }
    return key.overflowed()
        ? Either.left(List.of(new Unsupported("the stack", "it has too many identity words")))
        : Either.right(key);
  }

  /** Adds the own ends of a way's layers; each call wants one {@link #release}. */
  void use(Seq<Layer> layers) {
    layers.forEach(layer -> endpoints.merge(endpoint(layer), 1, Integer::sum));
    install(layers);
  }

  /** Takes them back. */
  void release(Seq<Layer> layers) {
    layers.forEach(
        layer -> endpoints.computeIfPresent(endpoint(layer), (_, n) -> n == 1 ? null : n - 1));
    install(layers);
  }

  private void install(Seq<Layer> changed) {
    if (changed.nonEmpty()) {
      install();
    }
  }

  private void install() {
    state.endpoints4(endpoints.keySet().stream().mapToLong(Long::longValue).toArray());
  }

  /**
   * Adds the own ends of a device, for whatever it carries: its packets are recognised as ours
   * before a flow uses them.
   *
   * @return what {@link #releaseTunnel} takes back
   */
  Either<Seq<EncapError>, Seq<Long>> useTunnel(Guarded provider, Settings settings) {
    Seq<Either<Seq<EncapError>, Long>> ends =
        List.of(InnerType.IPV4, InnerType.IPV6)
            .map(inner ->
                provider
                    .tuple(settings, inner, Direction.RECEIVE)
                    .flatMap(
                        tuple -> slot(provider, tuple.carrier()).map(slot -> end(slot, tuple))));
    Seq<Long> usable = ends.flatMap(end -> end.toOption()).distinct();
    if (usable.isEmpty()) {
      return Either.left(ends.head().getLeft());
    }
    usable.forEach(end -> endpoints.merge(end, 1, Integer::sum));
    install();
    return Either.right(usable);
  }

  /** Takes the ends of a device back. */
  void releaseTunnel(Seq<Long> ends) {
    ends.forEach(end -> endpoints.computeIfPresent(end, (_, n) -> n == 1 ? null : n - 1));
    install();
  }

  private static long end(int slot, EncapTuple receive) {
    return PacketState.endpoint4(
        slot, ((Ipv4Address) receive.addresses().get().destination()).bits());
  }

  private long endpoint(Layer layer) {
    EncapTuple receive = layer.receive();
    return end(byCarrier.getOrDefault(receive.carrier(), 0), receive);
  }
}
