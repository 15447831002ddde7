package io.culvert.flowtable;

import io.culvert.flowtable.path.ForwardPath.Layer;
import io.culvert.flowtable.path.Underlay;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.flowtable.registry.LoadReport.Accepted;
import io.culvert.flowtable.table.PacketState;
import io.culvert.path.Device;
import io.culvert.path.PathError;
import io.culvert.spi.Capability;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.EncapKey;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.Transit;
import io.culvert.wire.EtherType;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.IpProtocol;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.vavr.Tuple;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Which carrier is served by which slot of the parser, and which addresses are our own tunnel ends.
 *
 * <p>The parser descends into a tunnel only at an address of this exact set, in every match mode.
 */
final class Slots {
  /** What the parser reads by itself, so that nobody's shim may stand there. */
  private static final Seq<Carrier> OWN =
      List.of(
          Carrier.etherType(EtherType.IPV4),
          Carrier.etherType(EtherType.IPV6),
          Carrier.ipProtocol(IpFamily.V4, IpProtocol.TCP),
          Carrier.ipProtocol(IpFamily.V6, IpProtocol.TCP),
          Carrier.ipProtocol(IpFamily.V4, IpProtocol.UDP),
          Carrier.ipProtocol(IpFamily.V6, IpProtocol.UDP));

  private final PacketState state;
  private final Map<Carrier, Integer> byCarrier = new HashMap<>();
  private final java.util.List<Encap> encaps = new ArrayList<>();
  private final java.util.List<String> owners = new ArrayList<>();
  private final Map<End, Integer> endpoints = new HashMap<>();
  private final Seq<Transit> transit;

  /**
   * An own end of tunnels.
   *
   * @param slot the slot of their carrier
   * @param address the address
   */
  record End(int slot, IpAddress address) {}

  Slots(PacketState state, EncapRegistry registry) {
    this.state = state;
    for (Accepted accepted : registry.report().accepted()) {
      for (Carrier carrier : accepted.carriers()) {
        registry.provider(accepted.name()).forEach(provider -> slot(provider, carrier));
      }
    }
    transit = registry.report().accepted().flatMap(Accepted::transit);
    transit.forEach(one ->
        state.transit(
            one.family() == IpFamily.V6, one.protocol(), one.length(), one.mask(), one.value()));
  }

  /** The protocols of a family whose flows have no ports: those that may pass through. */
  Seq<Integer> withoutPorts(IpFamily family) {
    return transit.filter(one -> one.family() == family).map(Transit::protocol).sorted();
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
    if (OWN.contains(carrier)) {
      return refuse(carrier, "the framework parses it itself");
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
          install(carrier, encaps.size());
          return encaps.size();
        });
  }

  private void install(Carrier carrier, int slot) {
    switch (carrier) {
      case Carrier.EtherTypeCarrier(int number, boolean byPeer) ->
          state.etherType(number, slot, byPeer);
      case Carrier.IpProtocolCarrier(IpFamily family, int number) -> {
        if (family == IpFamily.V4) {
          state.protocol4(number, slot);
        } else {
          state.protocol6(number, slot);
        }
      }
      case Carrier.UdpPortCarrier(IpFamily family, int number) ->
          state.udpPort(family == IpFamily.V6, number, slot);
    }
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
      receive.peer().forEach(peer -> key.add(peer.bits()));
      receive.addresses().forEach(outer -> addresses(key, outer));
      key.add(PacketState.layerWord(slot.get(), key.size() - first));
      layer
          .ethernet()
          .forEach(ethernet -> key.add(PacketState.ETHERNET_WORD | ethernet.source().bits()));
    }
    if (key.size() == 1) {
      key.add(0); // the table of stacks wants two
    }
    return key.overflowed()
        ? Either.left(List.of(new Unsupported("the stack", "it has too many identity words")))
        : Either.right(key);
  }

  private static void addresses(EncapKey key, EncapTuple.Addresses outer) {
    if (outer.source() instanceof Ipv4Address(int source)
        && outer.destination() instanceof Ipv4Address(int destination)) {
      key.add((long) source << 32 | (destination & 0xffff_ffffL));
    } else {
      for (IpAddress address : List.of(outer.source(), outer.destination())) {
        Ipv6Address bits = (Ipv6Address) address;
        key.add(bits.high());
        key.add(bits.low());
      }
    }
  }

  /** Adds the own ends of a way's layers; each call wants one {@link #release}. */
  void use(Seq<Layer> layers) {
    if (ends(layers).count(this::remember) > 0) {
      install();
    }
  }

  /** Takes them back. */
  void release(Seq<Layer> layers) {
    if (ends(layers).count(this::forget) > 0) {
      install();
    }
  }

  /** True if it was not known. */
  private boolean remember(End end) {
    return endpoints.merge(end, 1, Integer::sum) == 1;
  }

  /** True if it is not known any more. */
  private boolean forget(End end) {
    return endpoints.computeIfPresent(end, (_, n) -> n == 1 ? null : n - 1) == null;
  }

  private Seq<End> ends(Seq<Layer> layers) {
    return layers.flatMap(layer -> {
      EncapTuple receive = layer.receive();
      return end(byCarrier.getOrDefault(receive.carrier(), 0), receive);
    });
  }

  private void install() {
    state.endpoints4(
        endpoints.keySet().stream()
            .filter(end -> end.address() instanceof Ipv4Address)
            .mapToLong(
                end -> PacketState.endpoint4(end.slot(), ((Ipv4Address) end.address()).bits()))
            .toArray());
    state.endpoints6(
        endpoints.keySet().stream()
            .filter(end -> end.address() instanceof Ipv6Address)
            .flatMapToLong(end -> {
              Ipv6Address address = (Ipv6Address) end.address();
              return LongStream.of(end.slot(), address.high(), address.low());
            })
            .toArray());
  }

  /**
   * Adds the own ends of a device, for whatever it carries: its packets are recognised as ours
   * before a flow uses them.
   *
   * @return what {@link #releaseTunnel} takes back; empty for a device that has no end of its own
   */
  Either<PathError, Seq<End>> useTunnel(
      Guarded provider, Device.Virtual device, Underlay underlay) {
    Either<Seq<EncapError>, Seq<InnerType>> carried =
        provider.capabilities().map(all -> all.map(Slots::example).distinct());
    if (carried.isLeft()) {
      return Either.left(new PathError.Refused(device.name(), carried.getLeft()));
    }
    Seq<Either<PathError, Option<End>>> ends =
        carried.get().map(inner -> end(provider, device, inner, underlay));
    if (ends.nonEmpty() && ends.forAll(Either::isLeft)) {
      return Either.left(ends.head().getLeft());
    }
    Seq<End> usable = ends.flatMap(Either::toOption).flatMap(end -> end).distinct();
    usable.forEach(this::remember);
    install();
    return Either.right(usable);
  }

  /** A device's own end, which it may leave to the route that there is now. */
  private Either<PathError, Option<End>> end(
      Guarded provider, Device.Virtual device, InnerType inner, Underlay underlay) {
    return provider
        .tuple(device.settings(), inner, Direction.RECEIVE)
        .flatMap(tuple -> slot(provider, tuple.carrier()).map(slot -> Tuple.of(slot, tuple)))
        .mapLeft(errors -> (PathError) new PathError.Refused(device.name(), errors))
        .flatMap(found ->
            underlay
                .closed(found._2, Direction.RECEIVE, device.name())
                .map(closed -> end(found._1, closed)));
  }

  private static InnerType example(Capability capability) {
    return capability.inner().equals(InnerType.ANY_ETHERTYPE) ? InnerType.IPV4 : capability.inner();
  }

  /** Takes the ends of a device back. */
  void releaseTunnel(Seq<End> ends) {
    ends.forEach(this::forget);
    install();
  }

  private static Option<End> end(int slot, EncapTuple receive) {
    return receive.addresses().map(ends -> new End(slot, ends.destination()));
  }
}
