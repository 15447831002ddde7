package io.culvert.testkit.nft;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.IpPrefix;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A packet as matches see it. A field that it does not have fits nothing, also not with {@code !=}:
 * nft asks for the protocol first.
 *
 * @param packet the packet
 * @param ingress name of the device that it came in by
 * @param egress name of the device that it leaves by
 * @param state of its connection
 */
record Conditions(PacketFields packet, String ingress, String egress, CtState state) {
  private static final int TCP = 6;
  private static final int UDP = 17;

  /** TCP, UDP, DCCP, SCTP, UDP-Lite. */
  private static final Set<Integer> WITH_PORTS = Set.of(TCP, UDP, 33, 132, 136);

  private static final int NFPROTO_IPV4 = 2;
  private static final int NFPROTO_IPV6 = 10;

  boolean hold(Statement.Match match) {
    boolean v4 = packet.family() == IpFamily.V4;
    return switch (match.field()) {
      case IIFNAME -> name(match, ingress);
      case OIFNAME -> name(match, egress);
      case CT_STATE -> fits(match, o -> o instanceof Operand.State(CtState s) && s == state);
      case NFPROTO -> number(match, v4 ? NFPROTO_IPV4 : NFPROTO_IPV6);
      case L4PROTO -> number(match, packet.protocol());
      case IP_PROTOCOL -> v4 && number(match, packet.headerProtocol());
      case IP6_NEXTHDR -> !v4 && number(match, packet.headerProtocol());
      case IP_SADDR -> v4 && address(match, packet.source());
      case IP_DADDR -> v4 && address(match, packet.destination());
      case IP6_SADDR -> !v4 && address(match, packet.source());
      case IP6_DADDR -> !v4 && address(match, packet.destination());
      case TCP_SPORT -> port(match, Set.of(TCP), 0);
      case TCP_DPORT -> port(match, Set.of(TCP), 2);
      case UDP_SPORT -> port(match, Set.of(UDP), 0);
      case UDP_DPORT -> port(match, Set.of(UDP), 2);
      case TH_SPORT -> port(match, WITH_PORTS, 0);
      case TH_DPORT -> port(match, WITH_PORTS, 2);
    };
  }

  private static boolean fits(Statement.Match match, Predicate<Operand> test) {
    Seq<Operand> operands = match.operands();
    return operands.exists(test) != match.isNegated();
  }

  private static boolean name(Statement.Match match, String device) {
    return fits(match, o -> o instanceof Operand.Name name && name.fits(device));
  }

  private static boolean number(Statement.Match match, int number) {
    return fits(match, o -> o instanceof Operand.Numbers numbers && numbers.fits(number));
  }

  private boolean port(Statement.Match match, Set<Integer> protocols, int at) {
    return protocols.contains(packet.protocol())
        && packet.hasTransport(at + 2)
        && number(match, packet.transport16(at));
  }

  private static boolean address(Statement.Match match, IpAddress address) {
    return fits(
        match,
        o ->
            switch (o) {
              case Operand.Prefix(IpPrefix prefix) -> prefix.contains(address);
              case Operand.Range(IpAddress least, IpAddress most) ->
                  Arrays.compareUnsigned(least.bytes(), address.bytes()) <= 0
                      && Arrays.compareUnsigned(address.bytes(), most.bytes()) <= 0;
              default -> false;
            });
  }
}
