package io.culvert.bench.traffic;

/**
 * A tunnel or a stack of them, in the words of {@code ip link}, once as we and once as the peer.
 */
public enum Stack {
  /** IPv4 in IPv4. */
  IPIP("link add DEV type ipip local OURS remote PEER ttl 64", false),
  /** The smallest GRE. */
  GRE("link add DEV type gre local OURS remote PEER ttl 64", false),
  /** GRE with a key and a checksum over the whole payload. */
  GRE_KEY_CSUM("link add DEV type gre local OURS remote PEER ttl 64 key KEY csum", false),
  /** VXLAN over IPv4 without UDP checksum. */
  VXLAN(
      "link add DEV type vxlan id KEY local OURS remote PEER dstport 4789 noudpcsum ttl 64", true),
  /** VXLAN over IPv6 without UDP checksum. */
  VXLAN6(
      "link add DEV type vxlan id KEY local OURS6 remote PEER6 dstport 4789"
          + " udp6zerocsumtx udp6zerocsumrx ttl 64",
      true),
  /** IPv4 in IPv6. */
  IPIP6("link add DEV type ip6tnl mode ipip6 local OURS6 remote PEER6 encaplimit none", false),
  /** A PPPoE session in the port's frames. */
  PPPOE("link add link eth1 name DEV mtu 1492 type pppoe session SESSION peer MAC", false),
  /** An 802.1Q tag. */
  VLAN("link add link eth1 name DEV type vlan id SESSION", true),
  /** IPIP in a PPPoE session in a tag: three layers. */
  VLAN_PPPOE_IPIP(
      """
      link add link eth1 name vDEV up type vlan id SESSION
      link add link vDEV name pDEV up mtu 1492 type pppoe session SESSION peer MAC
      addr add OURS/32 dev pDEV
      route add PEER/32 dev pDEV
      link add DEV type ipip local OURS remote PEER ttl 64\
      """,
      false),
  /** GRE with a key in IPIP: two layers behind IP protocols. */
  IPIP_GRE(
      """
      link add iDEV up type ipip local OURS remote PEER ttl 64
      addr add NEAR/32 dev iDEV
      route add FAR/32 dev iDEV
      link add DEV type gre local NEAR remote FAR ttl 64 key KEY\
      """,
      false);

  private static final String OUR_MAC = "02:00:00:00:00:02";
  private static final String PEER_MAC = "02:00:00:00:00:12";

  private final String words;
  private final boolean hasNeighbours;

  Stack(String words, boolean hasNeighbours) {
    this.words = words;
    this.hasNeighbours = hasNeighbours;
  }

  /** Most tunnels: what a VID tells apart. */
  public static final int MOST_TUNNELS = 4000;

  /**
   * Our side: clients behind eth0, tunnels on eth1.
   *
   * @param tunnels 1..{@value #MOST_TUNNELS}; tunnel {@code t} leads to 10.(100 +
   *     t/250).(t%250).0/24
   * @param stack the stack of each tunnel
   */
  public static String ours(int tunnels, java.util.function.IntFunction<Stack> stack) {
    StringBuilder text = new StringBuilder(ports(OUR_MAC));
    text.append("addr add 192.168.0.1/24 dev eth0\n")
        .append("neigh add 192.168.0.10 lladdr 02:00:00:00:00:0a dev eth0\n");
    for (int tunnel = 0; tunnel < tunnels; tunnel++) {
      text.append("addr add ").append(end(tunnel, false)).append("/32 dev eth1\n");
      text.append("addr add ").append(end6(tunnel, false)).append("/64 dev eth1\n");
      text.append(stack.apply(tunnel).device(tunnel, false));
      text.append(route(net(tunnel) + ".0/24", tunnel, stack.apply(tunnel), false));
    }
    return text.toString();
  }

  /** The peer's side of one tunnel: servers behind its eth0. */
  public static String peers(int tunnel, Stack stack) {
    return ports(PEER_MAC)
        + "addr add "
        + net(tunnel)
        + ".1/24 dev eth0\n"
        + "neigh add "
        + net(tunnel)
        + ".9 lladdr 02:00:00:00:00:09 dev eth0\n"
        + "addr add "
        + end(tunnel, true)
        + "/32 dev eth1\n"
        + "addr add "
        + end6(tunnel, true)
        + "/64 dev eth1\n"
        + stack.device(tunnel, true)
        + route("192.168.0.0/24", tunnel, stack, true);
  }

  private static String ports(String mac) {
    return "link set eth0 address 02:00:00:00:00:01\nlink set eth0 up\n"
        + "link set eth1 address "
        + mac
        + "\nlink set eth1 up\n";
  }

  /** The network that a tunnel leads to, without its last part. */
  public static String net(int tunnel) {
    return "10." + (100 + tunnel / 250) + "." + tunnel % 250;
  }

  private static String end(int tunnel, boolean peer) {
    return (peer ? "172.17." : "172.16.") + tunnel / 250 + "." + (tunnel % 250 + 1);
  }

  /** The end of a tunnel in a tunnel. */
  private static String inside(int tunnel, boolean peer) {
    return (peer ? "172.19." : "172.18.") + tunnel / 250 + "." + (tunnel % 250 + 1);
  }

  private static String end6(int tunnel, boolean peer) {
    return "fd00:1::" + (peer ? "2:" : "1:") + Integer.toHexString(tunnel + 1);
  }

  private static String mac(int tunnel, boolean peer) {
    return String.format("02:00:%02x:%02x:00:%s", tunnel >> 8, tunnel & 0xff, peer ? "22" : "21");
  }

  private String device(int tunnel, boolean peer) {
    String device = "tun" + tunnel;
    String text =
        words
            .replace("DEV", device)
            .replace("OURS6", end6(tunnel, peer))
            .replace("PEER6", end6(tunnel, !peer))
            .replace("OURS", end(tunnel, peer))
            .replace("PEER", end(tunnel, !peer))
            .replace("NEAR", inside(tunnel, peer))
            .replace("FAR", inside(tunnel, !peer))
            .replace("KEY", Integer.toString(tunnel + 1))
            .replace("SESSION", Integer.toString(tunnel + 1))
            .replace("MAC", peer ? OUR_MAC : PEER_MAC);
    boolean ownMac = this == VXLAN || this == VXLAN6;
    String far = peer ? OUR_MAC : PEER_MAC;
    return text
        + "\nlink set "
        + device
        + " up\n"
        + (ownMac ? "link set " + device + " address " + mac(tunnel, peer) + "\n" : "")
        + "neigh add "
        + end(tunnel, !peer)
        + " lladdr "
        + far
        + " dev eth1\n"
        + "neigh add "
        + end6(tunnel, !peer)
        + " lladdr "
        + far
        + " dev eth1\n"
        + (isRouted() ? "route add " + end(tunnel, !peer) + "/32 dev eth1\n" : "");
  }

  /** True if the outer packets are routed by the port itself. */
  private boolean isRouted() {
    return this != VLAN_PPPOE_IPIP;
  }

  private static String route(String prefix, int tunnel, Stack stack, boolean peer) {
    String device = "tun" + tunnel;
    if (!stack.hasNeighbours) {
      return "route add " + prefix + " dev " + device + "\n";
    }
    String far = stack == VLAN ? (peer ? OUR_MAC : PEER_MAC) : mac(tunnel, !peer);
    String near = "172.20." + tunnel / 250 + "." + tunnel % 250;
    return "neigh add "
        + near
        + " lladdr "
        + far
        + " dev "
        + device
        + "\n"
        + "route add "
        + near
        + "/32 dev "
        + device
        + "\n"
        + "route add "
        + prefix
        + " via "
        + near
        + " dev "
        + device
        + "\n";
  }
}
