package io.culvert.testkit.router;

import io.culvert.testkit.router.RouterOutcome.Dropped;
import io.culvert.testkit.router.RouterOutcome.NotModelled;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.wire.MacAddress;
import io.vavr.control.Option;
import java.util.Arrays;

/** The Ethernet layer on receipt: whose frame it is, and what is in it. */
final class FrameInput {
  private static final int HEADER = 14;
  private static final int IPV4 = 0x0800;
  private static final int ARP = 0x0806;
  private static final int VLAN = 0x8100;
  private static final int SERVICE_VLAN = 0x88a8;
  private static final int IPV6 = 0x86dd;
  private static final int PPPOE_DISCOVERY = 0x8863;
  private static final int PPPOE_SESSION = 0x8864;

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
    if (!port.isUp()) {
      return new Dropped(DropReason.DEVICE_DOWN);
    }
    if (frame.length < HEADER) {
      return new Dropped(DropReason.TRUNCATED);
    }
    if (port.kind() != ScenarioDevice.Kind.PORT || port.master().isDefined()) {
      return new NotModelled(NotModelledReason.DEVICE);
    }
    MacAddress destination = new MacAddress(Octets.u32(frame, 0) << 16 | Octets.u16(frame, 4));
    boolean isOurs = port.address().contains(destination);
    if (!isOurs && !destination.isGroup()) {
      return hasAbove(port, "macvlan", "macvtap", "ipvlan", "ipvtap", "macsec")
          ? new NotModelled(NotModelledReason.DEVICE)
          : new Dropped(DropReason.NOT_FOR_US);
    }
    return content(port, frame, 12, new Arrival(ifindex, ifindex, isOurs));
  }

  /** The type stands at {@code at}, its content behind it. */
  private RouterOutcome content(ScenarioDevice port, byte[] frame, int at, Arrival arrival) {
    byte[] content = Arrays.copyOfRange(frame, at + 2, frame.length);
    return switch (Octets.u16(frame, at)) {
      case IPV4 -> ipv4.receive(content, arrival);
      case IPV6 -> ipv6.receive(content, arrival);
      case ARP -> new NotModelled(NotModelledReason.NEIGHBOUR);
      case VLAN, SERVICE_VLAN -> tagged(port, frame, at, arrival);
      case PPPOE_DISCOVERY, PPPOE_SESSION ->
          state.outOfScopeDevices().exists(d -> d.words().head().startsWith("ppp"))
              ? new NotModelled(NotModelledReason.DEVICE)
              : new Dropped(DropReason.UNKNOWN_ETHERTYPE);
      default -> new Dropped(DropReason.UNKNOWN_ETHERTYPE);
    };
  }

  private RouterOutcome tagged(ScenarioDevice port, byte[] frame, int at, Arrival arrival) {
    // skb_vlan_untag wants the tag and the type behind it.
    if (frame.length < at + 8) {
      return new Dropped(DropReason.TRUNCATED);
    }
    int id = Octets.u16(frame, at + 2) & 0xfff;
    if (hasVlan(port, id)) {
      return new NotModelled(NotModelledReason.DEVICE);
    }
    // Id 0 is no VLAN, only a priority: what is behind the tag is the port's own.
    return id == 0 ? content(port, frame, at + 4, arrival) : new Dropped(DropReason.UNKNOWN_VLAN);
  }

  private boolean hasVlan(ScenarioDevice port, int id) {
    return state
        .outOfScopeDevices()
        .filter(d -> d.words().head().equals("vlan") && d.link().contains(port.name()))
        .exists(d -> {
          Option<String> named = d.wordAfter("id");
          return named.isEmpty() || named.contains(Integer.toString(id));
        });
  }

  private boolean hasAbove(ScenarioDevice port, String... types) {
    return state
        .outOfScopeDevices()
        .exists(
            d -> d.link().contains(port.name()) && Arrays.asList(types).contains(d.words().head()));
  }
}
