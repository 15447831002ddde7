package io.culvert.testkit.router;

import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.router.RouterOutcome.Dropped;
import io.culvert.testkit.router.RouterOutcome.NotModelled;
import io.culvert.testkit.scenario.RouteTable.Kind;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.control.Option;

/** Whether a packet that is dropped is answered with an ICMP error, or in silence. */
interface IcmpRules {

  /** The outcome of a drop for which Linux calls {@code icmp_send}. */
  RouterOutcome error(DropReason silent);

  /** The outcome of a drop because a packet is bigger than {@code mtu} bytes. */
  default RouterOutcome tooBig(int mtu) {
    return error(DropReason.MTU);
  }

  /** The error would be sent, which is not modelled, or the packet is just dropped. */
  private static RouterOutcome outcome(boolean isSent, DropReason silent) {
    return isSent ? new NotModelled(NotModelledReason.ICMP) : new Dropped(silent);
  }

  private static boolean isReachable(RouterState state, IpAddress address) {
    Kind kind = state.routes().output(address, Option.none()).kind();
    return kind == Kind.UNICAST || kind == Kind.BROADCAST;
  }

  /**
   * {@code __icmp_send}.
   *
   * @param state the router
   * @param packet the packet in question
   * @param arrival how it came
   * @param isBroadcast true if it went to a broadcast or multicast address
   * @param options its options
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record V4(
      RouterState state, byte[] packet, Arrival arrival, boolean isBroadcast, Ipv4Options options)
      implements IcmpRules {
    private static final int HIGHEST_TYPE = 18;

    @Override
    public RouterOutcome error(DropReason silent) {
      boolean isSent =
          arrival.isToUs()
              && !isBroadcast
              && (Octets.u16(packet, 6) & 0x1fff) == 0
              && !(Octets.u8(packet, 9) == TunnelProtocols.ICMP && isIcmpError())
              && !options.forbidsIcmp()
              && isReachable(state, Octets.source(packet, IpFamily.V4));
      return outcome(isSent, silent);
    }

    /** Types that Linux's table marks as errors, and all that it does not know. */
    private boolean isIcmpError() {
      int at = Octets.u8(packet, 0) % 16 * 4;
      if (at >= packet.length) {
        return true;
      }
      int type = Octets.u8(packet, at);
      return type > HIGHEST_TYPE || (type >= 1 && type <= 7) || (type >= 9 && type <= 12);
    }
  }

  /**
   * {@code icmp6_send}.
   *
   * @param state the router
   * @param packet the packet in question
   * @param arrival how it came
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record V6(RouterState state, byte[] packet, Arrival arrival) implements IcmpRules {

    @Override
    public RouterOutcome error(DropReason silent) {
      IpAddress destination = Octets.destination(packet, IpFamily.V6);
      boolean isSent = arrival.isToUs() && !destination.isMulticast() && isAnswered();
      return outcome(isSent, silent);
    }

    /** Packet too big, and the strictest unknown option, are told to senders of multicast too. */
    RouterOutcome errorAlsoToMulticast(DropReason silent) {
      return outcome(isAnswered(), silent);
    }

    private boolean isAnswered() {
      IpAddress source = Octets.source(packet, IpFamily.V6);
      return !source.isUnspecified()
          && !source.isMulticast()
          && !isIcmpError()
          && state.routes().input(source, arrival.device()).kind() == Kind.UNICAST
          && hasAddress();
    }

    /** An error needs an address of ours to come from. */
    private boolean hasAddress() {
      return state.scenario().addresses().exists(a -> a.prefix().address().family() == IpFamily.V6)
          || state.scenario().ports().exists(p -> p.hasLinkLocal());
    }

    private boolean isIcmpError() {
      ExtensionHeaders found = ExtensionHeaders.skip(packet);
      if (!found.isComplete() || found.protocol() != ExtensionHeaders.ICMPV6) {
        return false;
      }
      return found.at() >= packet.length || (Octets.u8(packet, found.at()) & 0x80) == 0;
    }
  }
}
