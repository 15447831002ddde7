package io.culvert.testkit.router;

import io.vavr.collection.List;
import io.vavr.collection.Seq;

/** Which IP protocols the types of ip(8) receive, to tell whose a packet would be. */
final class TunnelProtocols {
  static final int ICMP = 1;
  static final int IPIP = 4;
  static final int TCP = 6;
  static final int UDP = 17;
  static final int IPV6 = 41;
  static final int GRE = 47;
  static final int ESP = 50;
  static final int L2TP = 115;

  private TunnelProtocols() {}

  static Seq<Integer> of(String type) {
    return switch (type) {
      case "ipip" -> List.of(IPIP);
      case "sit" -> List.of(IPV6, IPIP);
      case "ip6tnl" -> List.of(IPIP, IPV6);
      case "gre", "gretap", "erspan", "ip6gre", "ip6gretap", "ip6erspan" -> List.of(GRE);
      case "vti", "vti6", "xfrm" -> List.of(IPIP, ESP);
      case "l2tp" -> List.of(L2TP, UDP);
      case "vxlan", "geneve", "bareudp", "gtp", "wireguard", "amt" -> List.of(UDP);
      default -> List.empty();
    };
  }

  /** The UDP port that a device out of scope receives on if none was named. */
  static int defaultPort(String type) {
    return switch (type) {
      case "vxlan" -> 8472;
      case "geneve" -> 6081;
      case "gtp" -> 2152;
      case "wireguard" -> 51820;
      case "amt" -> 2268;
      default -> -1;
    };
  }
}
