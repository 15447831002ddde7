package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.BARE;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.WAN;

import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Site;
import io.culvert.wire.IpProtocol;

/**
 * Flows by number: by the toy tunnel, by the bare one, plain, and over IPv6 in the toy tunnel, in
 * turns, four of UDP and then four of TCP.
 */
final class NumberedFlows {
  private static final int KINDS = 4;
  private static final int PAYLOAD = 10;

  private NumberedFlows() {}

  static String there(int flow) {
    return new String[] {"10.2.0.2", "10.3.0.2", "10.4.0.2", "2001:db8:2::2"}[flow % KINDS];
  }

  static int far(int flow) {
    return new int[] {TOY, BARE, WAN, TOY}[flow % KINDS];
  }

  static boolean isSix(int flow) {
    return flow % KINDS == 3;
  }

  /** The TCP flow that is as good as this one. */
  static int tcp(int flow, int flows) {
    return protocol(flow) == IpProtocol.TCP ? flow : (flow + KINDS) % flows;
  }

  static int protocol(int flow) {
    return flow / KINDS % 2 == 0 ? IpProtocol.UDP : IpProtocol.TCP;
  }

  static String here(int flow) {
    return isSix(flow) ? "2001:db8:1::2" : "10.1.0.2";
  }

  static FlowTuple tuple(int flow) {
    return new FlowTuple(ip(here(flow)), ip(there(flow)), protocol(flow), 1000 + flow, 2000);
  }

  static byte[] packet(int flow, boolean isBack, int tcpFlags) {
    String from = isBack ? there(flow) : here(flow);
    String to = isBack ? here(flow) : there(flow);
    int source = isBack ? 2000 : 1000 + flow;
    int destination = isBack ? 1000 + flow : 2000;
    int protocol = protocol(flow);
    byte[] payload = Packets.payload(PAYLOAD);
    byte[] transport =
        protocol == IpProtocol.TCP
            ? Packets.tcp(source, destination, tcpFlags, payload)
            : Packets.udp(source, destination, payload);
    return isSix(flow)
        ? Packets.ipv6(from, to, protocol, transport)
        : Packets.ipv4(from, to, protocol, transport);
  }

  static byte[] fromFar(int flow, byte... packet) {
    return Site.fromGateway(
        switch (flow % KINDS) {
          case 1 -> Packets.inBare("192.0.2.8", "192.0.2.1", packet);
          case 2 -> packet;
          default -> Site.fromPeer(packet);
        });
  }
}
