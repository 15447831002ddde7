package io.culvert.testkit.router;

import io.culvert.spi.InnerType;
import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.codec.PlainDecoded;
import io.culvert.testkit.codec.PlainPacket;
import io.culvert.testkit.codec.PlainPayload;
import io.culvert.testkit.router.Arrival.Cast;
import io.culvert.testkit.router.RouterOutcome.Dropped;
import io.culvert.testkit.router.RouterOutcome.NotModelled;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.wire.MacAddress;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;

/**
 * The Ethernet layer on receipt: whose frame it is, and what is in it, on ports and on virtual
 * devices alike ({@code eth_type_trans} and {@code __netif_receive_skb_core}).
 */
final class FrameInput {
  private static final int HEADER = 14;
  private static final int IPV4 = 0x0800;
  private static final int ARP = 0x0806;
  private static final int VLAN = 0x8100;
  private static final int SERVICE_VLAN = 0x88a8;
  private static final int IPV6 = 0x86dd;
  private static final int PPPOE_DISCOVERY = 0x8863;
  private static final int PPPOE_SESSION = 0x8864;

  /** skb_vlan_untag wants the TCI, the type behind it, and two bytes more. */
  private static final int LEAST_BEHIND_TPID = 6;

  private final RouterState state;
  private final Ipv4Input ipv4;
  private final Ipv6Input ipv6;

  FrameInput(RouterState state, Ipv4Input ipv4, Ipv6Input ipv6) {
    this.state = state;
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
  }

  RouterOutcome receive(int ifindex, byte[] frame) {
    ScenarioDevice port = state.device(ifindex);
    return port.kind() == ScenarioDevice.Kind.PORT || !port.isUp()
        ? frame(port, frame, Arrival.at(ifindex))
        : new NotModelled(NotModelledReason.DEVICE);
  }

  /** A whole frame on a device that carries frames. */
  private RouterOutcome frame(ScenarioDevice device, byte[] frame, Arrival arrival) {
    if (!device.isUp()) {
      return new Dropped(DropReason.DEVICE_DOWN);
    }
    if (frame.length < HEADER) {
      return new Dropped(DropReason.TRUNCATED);
    }
    if (device.master().isDefined()) {
      return new NotModelled(NotModelledReason.DEVICE);
    }
    MacAddress destination = Octets.mac(frame, 0);
    Cast cast =
        destination.isGroup()
            ? Cast.GROUP
            : device.address().contains(destination) ? Cast.HOST : Cast.OTHER;
    if (cast == Cast.OTHER
        && hasAbove(device, "macvlan", "macvtap", "ipvlan", "ipvtap", "macsec")) {
      return new NotModelled(NotModelledReason.DEVICE);
    }
    return content(
        Octets.u16(frame, 12),
        Arrays.copyOfRange(frame, HEADER, frame.length),
        arrival.framed(device.ifindex(), cast, Octets.mac(frame, 6), destination));
  }

  /** What stands behind an EtherType. */
  private RouterOutcome content(int type, byte[] content, Arrival arrival) {
    if (type == VLAN || type == SERVICE_VLAN) {
      return tagged(type, content, arrival);
    }
    if (arrival.cast() == Cast.OTHER && !isTag(type, arrival)) {
      return new Dropped(DropReason.NOT_FOR_US);
    }
    return switch (type) {
      case IPV4 -> ipv4.receive(content, arrival);
      case IPV6 -> ipv6.receive(content, arrival);
      case ARP -> new NotModelled(NotModelledReason.NEIGHBOUR);
      default -> carried(type, content, arrival);
    };
  }

  private boolean isTag(int type, Arrival arrival) {
    return state.above(arrival.device(), type).exists(t -> t.device().isEthernet());
  }

  private RouterOutcome tagged(int tpid, byte[] content, Arrival arrival) {
    if (content.length < LEAST_BEHIND_TPID) {
      return new Dropped(DropReason.TRUNCATED);
    }
    Option<RouterOutcome> opened = opened(tpid, content, arrival);
    if (opened.isDefined()) {
      return opened.get();
    }
    int id = Octets.u16(content, 0) & 0xfff;
    if (isVlanOutOfScope(arrival.device(), id)) {
      return new NotModelled(NotModelledReason.DEVICE);
    }
    // Id 0 is no VLAN, only a priority: what is behind the tag is the device's own.
    return id == 0
        ? content(Octets.u16(content, 2), Arrays.copyOfRange(content, 4, content.length), arrival)
        : new Dropped(DropReason.UNKNOWN_VLAN);
  }

  /** An EtherType that only virtual devices take. */
  private RouterOutcome carried(int type, byte[] content, Arrival arrival) {
    Option<RouterOutcome> opened = opened(type, content, arrival);
    if (opened.isDefined()) {
      return opened.get();
    }
    Seq<RouterTunnel> ended =
        state
            .on(arrival.device())
            .filter(t -> t.codec().peer().contains(arrival.source()))
            .filter(t -> arrival.isToUs() && t.codec().isEndedBy(type, content));
    if (ended.nonEmpty()) {
      ended.forEach(state::close);
      return new NotModelled(NotModelledReason.LOCAL);
    }
    boolean isPppoe = type == PPPOE_DISCOVERY || type == PPPOE_SESSION;
    if (isPppoe && state.outOfScopeDevices().exists(d -> d.words().head().startsWith("ppp"))) {
      return new NotModelled(NotModelledReason.DEVICE);
    }
    return new Dropped(
        state.above(arrival.device(), type).isEmpty()
            ? DropReason.UNKNOWN_ETHERTYPE
            : DropReason.UNKNOWN_TUNNEL);
  }

  /** What the first device above makes of it that says it is its own; none if none does. */
  private Option<RouterOutcome> opened(int type, byte[] content, Arrival arrival) {
    Seq<RouterTunnel> above = state.above(arrival.device(), type);
    for (RouterTunnel tunnel : above) {
      PlainPayload payload = new PlainPayload(tunnel.etherType(type).get(), content);
      if (tunnel.codec().illegal(payload).isDefined()) {
        return Option.some(new Dropped(DropReason.TUNNEL_HEADER));
      }
      if (tunnel.codec().peer().forAll(peer -> peer.equals(arrival.source()))) {
        switch (tunnel.codec().decode(payload, arrival.priority())) {
          case PlainDecoded.NotMine _ -> {}
          case PlainDecoded.Refused _ -> {
            return Option.some(new Dropped(DropReason.TUNNEL_HEADER));
          }
          case PlainDecoded.Packet(PlainPacket packet) -> {
            return Option.some(behindTag(tunnel.device(), packet, arrival));
          }
        }
      }
    }
    return Option.none();
  }

  /** A device that shares the Ethernet header, but may have another address. */
  private RouterOutcome behindTag(ScenarioDevice device, PlainPacket packet, Arrival arrival) {
    // vlan_do_receive takes a frame for the tag's own address, and keeps one for the device below.
    boolean isItsOwn = state.address(device).contains(arrival.destination());
    Cast cast =
        arrival.cast() == Cast.OTHER && device.isEthernet() && isItsOwn
            ? Cast.HOST
            : arrival.cast();
    return deliver(device, packet, arrival.on(device.ifindex(), cast, packet.priority()));
  }

  /** What a virtual device had in it. */
  RouterOutcome deliver(ScenarioDevice device, PlainPacket packet, Arrival arrival) {
    if (!device.isUp()) {
      return new Dropped(DropReason.DEVICE_DOWN);
    }
    if (device.master().isDefined()) {
      return new NotModelled(NotModelledReason.DEVICE);
    }
    if (packet.type().equals(InnerType.ETHERNET)) {
      return frame(device, packet.bytes(), arrival);
    }
    return packet.type().namespace() == InnerType.ETHERTYPE
        ? content(packet.type().number(), packet.bytes(), arrival)
        : new Dropped(DropReason.UNKNOWN_ETHERTYPE);
  }

  private boolean isVlanOutOfScope(int ifindex, int id) {
    return state
        .outOfScopeDevices()
        .filter(
            d -> d.words().head().equals("vlan") && d.link().contains(state.device(ifindex).name()))
        .exists(d -> {
          Option<String> named = d.wordAfter("id");
          return named.isEmpty() || named.contains(Integer.toString(id));
        });
  }

  private boolean hasAbove(ScenarioDevice device, String... types) {
    return state
        .outOfScopeDevices()
        .exists(d ->
            d.link().contains(device.name()) && Arrays.asList(types).contains(d.words().head()));
  }
}
