package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.FakeNetwork;
import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.ProbeProvider;
import io.culvert.flowtable.fixture.Rig;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.worker.Reason;
import io.culvert.path.Device;
import io.culvert.spi.Carrier;
import io.culvert.spi.LinkType.Layer;
import io.culvert.spi.Settings;
import io.culvert.spi.Value;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import io.vavr.control.Option;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Every kind of carrier, in and out, against frames that are put together by hand. */
class CarrierTest {
  private static final int TUNNEL = 20;
  private static final long TUNNEL_MAC = 0x0200_0000_0c01L;
  private static final long BEHIND_MAC = 0x0200_0000_0c02L;
  private static final String OURS_6 = "2001:db8:9::1";
  private static final String PEER_6 = "2001:db8:9::9";

  /** The LAN's host 10.1.0.2, and 10.7/16 behind a device of the probe protocol. */
  private static final class Net {
    final FlowTable table;
    final Rig rig;

    Net(ProbeProvider provider, Settings settings) {
      FakeNetwork network = new FakeNetwork();
      boolean isL2 = provider.layer() == Layer.L2;
      boolean isTag = provider.carrier() instanceof Carrier.EtherTypeCarrier && isL2;
      MacAddress own = isTag ? FakeNetwork.portMac(Site.WAN) : new MacAddress(TUNNEL_MAC);
      network
          .port(Site.LAN, "eth0", 1500)
          .port(Site.WAN, "eth1", 1500)
          .device(
              new Device.Virtual(TUNNEL, "probe0", settings, 1400, true, Option.when(isL2, own)))
          .route("10.1.0.0/16", Site.LAN)
          .route("10.7.0.0/16", TUNNEL, "10.7.0.1")
          .route("192.0.2.0/24", Site.WAN)
          .route("2001:db8:9::/64", Site.WAN)
          .neighbour(Site.LAN, "10.1.0.2", Site.HOST_MAC)
          .neighbour(Site.WAN, "192.0.2.9", Site.GATEWAY_MAC)
          .neighbour(Site.WAN, PEER_6, Site.GATEWAY_MAC)
          .neighbour(TUNNEL, "10.7.0.1", isTag ? Site.GATEWAY_MAC : BEHIND_MAC);
      table = new FlowTable(Site.config(), EncapRegistry.of(provider), network);
      table.addPort(Site.LAN);
      table.addPort(Site.WAN);
      rig = new Rig(table);
    }

    Net offered() {
      FlowTuple tuple = new FlowTuple(ip("10.1.0.2"), ip("10.7.0.5"), Packets.UDP, 1000, 2000);
      var offer = table.offer(new FlowOffer(tuple, Site.LAN, Duration.ZERO));
      assertThat(offer.isRight()).as("%s", offer).isTrue();
      return this;
    }

    void shouldPush(byte[] expected) {
      Rig.Outcome out = rig.send(Site.LAN, Site.fromHost(packet()));
      assertThat(out.reason()).isEqualTo(Reason.NONE);
      assertThat(out.frame()).isEqualTo(expected);
    }

    void shouldPop(byte[] frame) {
      Rig.Outcome out = rig.send(Site.WAN, frame);
      assertThat(out.reason()).isEqualTo(Reason.NONE);
      assertThat(out.frame()).isEqualTo(Site.toHost(Packets.forwarded(answer())));
    }

    void shouldLeave(byte[] frame, Reason reason) {
      Rig.Outcome out = rig.send(Site.WAN, frame);
      assertThat(out.reason()).isEqualTo(reason);
      assertThat(out.frame()).isEqualTo(frame);
    }
  }

  private static byte[] packet() {
    return Packets.ipv4(
        "10.1.0.2", "10.7.0.5", Packets.UDP, Packets.udp(1000, 2000, Packets.payload(11)));
  }

  private static byte[] answer() {
    return Packets.ipv4(
        "10.7.0.5", "10.1.0.2", Packets.UDP, Packets.udp(2000, 1000, Packets.payload(11)));
  }

  /** A shim as the probe protocol has it, its checksum right if it has one. */
  private static byte[] shim(int bits, int type, boolean withChecksum, byte[] inner) {
    byte[] bytes =
        ByteBuffer.allocate(8 + inner.length)
            .put((byte) (bits << 5 | 0x1f))
            .put((byte) 0x5a)
            .putShort((short) type)
            .putShort((short) 7)
            .putShort((short) 0)
            .put(inner)
            .array();
    return withChecksum ? sealed(bytes, 6, sum(bytes, 0)) : bytes;
  }

  private static byte[] sealed(byte[] bytes, int at, long sum) {
    bytes[at] = (byte) ((0xffff - sum) >> 8);
    bytes[at + 1] = (byte) (0xffff - sum);
    return bytes;
  }

  private static long sum(byte[] bytes, long start) {
    long sum = start;
    for (int at = 0; at < bytes.length; at++) {
      sum += (bytes[at] & 0xffL) << (at % 2 == 0 ? 8 : 0);
    }
    return sum == 0 ? 0 : (sum - 1) % 0xffff + 1;
  }

  private static byte[] udp(String from, String to, int source, int port, byte[] payload) {
    byte[] datagram = Packets.udp(source, port, payload);
    datagram[6] = 0;
    datagram[7] = 0;
    byte[] addresses =
        ByteBuffer.allocate(2 * ip(from).bytes().length)
            .put(ip(from).bytes())
            .put(ip(to).bytes())
            .array();
    return sealed(datagram, 6, sum(datagram, sum(addresses, 17 + datagram.length)));
  }

  /** IPv4 as the framework fills it by default: id 0, DF, TTL 64. */
  private static byte[] outer4(String from, String to, int protocol, byte[] payload) {
    return Packets.with4(Packets.with(Packets.ipv4(from, to, protocol, payload), 4, 0), 5, 0);
  }

  private static byte[] outer6(String from, String to, int protocol, byte[] payload) {
    byte[] packet = Packets.ipv6(from, to, protocol, payload);
    return Packets.with(Packets.with(Packets.with(packet, 1, 0), 2, 0), 3, 0);
  }

  private static byte[] toGateway(int type, byte[] content) {
    return Packets.frame(Site.GATEWAY_MAC, FakeNetwork.portMac(Site.WAN).bits(), type, content);
  }

  private static byte[] fromGateway(int type, byte[] content) {
    return Packets.frame(FakeNetwork.portMac(Site.WAN).bits(), Site.GATEWAY_MAC, type, content);
  }

  @Test
  void shouldPushAndPopATagInThePortsFrame() {
    ProbeProvider tag = new ProbeProvider(Carrier.etherType(0x88b5), Layer.L2, false);
    Net net = new Net(tag, tag.device()).offered();
    net.shouldPush(toGateway(0x88b5, shim(1, 0x0800, false, Packets.forwarded(packet()))));
    net.shouldPop(fromGateway(0x88b5, shim(4, 0x0800, false, answer())));
    net.shouldLeave(
        fromGateway(0x88b5, Packets.with(shim(4, 0x0800, false, answer()), 5, 8)), Reason.MISS);
    net.shouldLeave(
        fromGateway(0x88b5, Packets.with(shim(4, 0x0800, false, answer()), 1, 0)),
        Reason.ENCAP_MALFORMED);
    net.shouldLeave(fromGateway(0x88b6, shim(4, 0x0800, false, answer())), Reason.ETHERTYPE);
    net.shouldLeave(fromGateway(0x0800, answer()), Reason.MISS); // without its tag
  }

  @Test
  void shouldTakeALayerByPeerFromThePeerOnly() {
    ProbeProvider session = new ProbeProvider(Carrier.etherTypeByPeer(0x88b5), Layer.L3, false);
    long peer = 0x0200_0000_0d01L;
    Net net = new Net(session, session.device().with("peer", new MacAddress(peer))).offered();
    long ours = FakeNetwork.portMac(Site.WAN).bits();
    net.shouldPush(
        Packets.frame(peer, ours, 0x88b5, shim(1, 0x0800, false, Packets.forwarded(packet()))));
    net.shouldPop(Packets.frame(ours, peer, 0x88b5, shim(0, 0x0800, false, answer())));
    net.shouldLeave(
        Packets.frame(ours, peer + 1, 0x88b5, shim(0, 0x0800, false, answer())), Reason.MISS);
  }

  @Test
  void shouldSumUpWhatAChecksumCovers() {
    ProbeProvider probe = new ProbeProvider(Carrier.ipProtocol(IpFamily.V6, 253), Layer.L3, true);
    Net net = new Net(probe, probe.device()).offered();
    net.shouldPush(
        toGateway(
            0x86dd,
            outer6(OURS_6, PEER_6, 253, shim(1, 0x0800, true, Packets.forwarded(packet())))));
    byte[] good = outer6(PEER_6, OURS_6, 253, shim(4, 0x0800, true, answer()));
    net.shouldPop(fromGateway(0x86dd, good));
    byte[] damaged = Packets.with(good, good.length - 1, 99);
    net.shouldLeave(fromGateway(0x86dd, damaged), Reason.ENCAP_CHECKSUM);
    // Another peer, and a packet that only passes through.
    net.shouldLeave(
        fromGateway(0x86dd, outer6("2001:db8:9::8", OURS_6, 253, shim(4, 0x0800, true, answer()))),
        Reason.MISS);
    net.shouldLeave(
        fromGateway(0x86dd, outer6(PEER_6, "2001:db8:9::2", 253, shim(4, 0x0800, true, answer()))),
        Reason.PROTOCOL);
  }

  /** What one device of a protocol asks for and another does not: five bits that match ignores. */
  @Test
  void shouldLeaveBitsThatThisDeviceDoesNotTakeToTheSlowPath() {
    ProbeProvider probe = new ProbeProvider(Carrier.udpPort(IpFamily.V4, 4242), Layer.L3, false);
    byte[] shim = shim(4, 0x0800, false, answer());
    for (boolean isStrict : new boolean[] {true, false}) {
      Net net = new Net(probe, probe.device().with("strict", isStrict)).offered();
      for (int bit = 0; bit < 5; bit++) {
        byte[] other = Packets.with(shim, 0, shim[0] ^ 1 << bit);
        byte[] datagram = udp("192.0.2.9", "192.0.2.1", 777, 4242, other);
        byte[] frame = fromGateway(0x0800, outer4("192.0.2.9", "192.0.2.1", 17, datagram));
        if (isStrict) {
          net.shouldLeave(frame, Reason.ENCAP_UNSUPPORTED);
        } else {
          net.shouldPop(frame);
        }
      }
      byte[] datagram = udp("192.0.2.9", "192.0.2.1", 777, 4242, shim);
      net.shouldPop(fromGateway(0x0800, outer4("192.0.2.9", "192.0.2.1", 17, datagram)));
      // Both are asked for, whichever is wrong.
      byte[] damaged = Packets.with(datagram, datagram.length - 1, 99);
      net.shouldLeave(
          fromGateway(0x0800, outer4("192.0.2.9", "192.0.2.1", 17, damaged)),
          Reason.ENCAP_CHECKSUM);
    }
  }

  @Test
  void shouldRefuseACheckOfBitsThatDoNotLieInTheShim() {
    ProbeProvider probe = new ProbeProvider(Carrier.udpPort(IpFamily.V4, 4242), Layer.L3, false);
    FlowTuple tuple = new FlowTuple(ip("10.1.0.2"), ip("10.7.0.5"), Packets.UDP, 1000, 2000);
    FlowOffer offer = new FlowOffer(tuple, Site.LAN, Duration.ZERO);
    for (int at : new int[] {-1, 8, 60}) {
      Net net = new Net(probe, probe.device().with("strict", true).with("at", at));
      assertThat(net.table.offer(offer).getLeft().message()).contains("do not lie in the shim");
    }
    // The last byte of it, with seven behind that do not count.
    assertThat(
            new Net(probe, probe.device().with("strict", true).with("at", 7))
                .table
                .offer(offer)
                .isRight())
        .isTrue();
  }

  @Test
  void shouldCarryEthernetFramesBehindAUdpPort() {
    ProbeProvider probe = new ProbeProvider(Carrier.udpPort(IpFamily.V4, 4242), Layer.L2, false);
    Net net = new Net(probe, probe.device()).offered();
    byte[] inside = Packets.frame(BEHIND_MAC, TUNNEL_MAC, Packets.forwarded(packet()));
    net.shouldPush(
        toGateway(
            0x0800,
            outer4(
                "192.0.2.1",
                "192.0.2.9",
                17,
                udp("192.0.2.1", "192.0.2.9", 5000, 4242, shim(1, 0, false, inside)))));
    byte[] back = Packets.frame(TUNNEL_MAC, BEHIND_MAC, answer());
    byte[] datagram = udp("192.0.2.9", "192.0.2.1", 777, 4242, shim(4, 0, false, back));
    net.shouldPop(fromGateway(0x0800, outer4("192.0.2.9", "192.0.2.1", 17, datagram)));
    // Wrong checksum; none, though one is wanted; for another station behind the tunnel.
    net.shouldLeave(
        fromGateway(
            0x0800,
            outer4("192.0.2.9", "192.0.2.1", 17, Packets.with(datagram, 6, datagram[6] + 1))),
        Reason.ENCAP_CHECKSUM);
    byte[] zero = Packets.with(Packets.with(datagram, 6, 0), 7, 0);
    net.shouldLeave(
        fromGateway(0x0800, outer4("192.0.2.9", "192.0.2.1", 17, zero)), Reason.ENCAP_CHECKSUM);
    byte[] foreign = Packets.frame(TUNNEL_MAC + 5, BEHIND_MAC, answer());
    net.shouldLeave(
        fromGateway(
            0x0800,
            outer4(
                "192.0.2.9",
                "192.0.2.1",
                17,
                udp("192.0.2.9", "192.0.2.1", 777, 4242, shim(4, 0, false, foreign)))),
        Reason.MISS);
    // A datagram shorter than its packet.
    byte[] longer = java.util.Arrays.copyOf(datagram, datagram.length + 2);
    net.shouldLeave(
        fromGateway(0x0800, outer4("192.0.2.9", "192.0.2.1", 17, longer)), Reason.BAD_TOTAL_LENGTH);
  }

  @Test
  void shouldKeepOnePortOfTheRangeForAFlowAndAcceptZeroWhereAgreed() {
    ProbeProvider probe = new ProbeProvider(Carrier.udpPort(IpFamily.V6, 4242), Layer.L3, false);
    Settings settings =
        probe
            .device()
            .with("srcport", new Value.Range(40_000, 40_099))
            .with("udpcsum", false)
            .with("zero", true);
    Net net = new Net(probe, settings).offered();
    Rig.Outcome first = net.rig.send(Site.LAN, Site.fromHost(packet()));
    Rig.Outcome second = net.rig.send(Site.LAN, Site.fromHost(packet()));
    assertThat(first.reason()).isEqualTo(Reason.NONE);
    assertThat(second.frame()).isEqualTo(first.frame());
    ByteBuffer sent = ByteBuffer.wrap(first.frame());
    assertThat(sent.getShort(54) & 0xffff).isBetween(40_000, 40_099);
    assertThat(sent.getShort(60)).isZero();
    byte[] datagram = udp(PEER_6, OURS_6, 1, 4242, shim(4, 0x0800, false, answer()));
    net.shouldPop(fromGateway(0x86dd, outer6(PEER_6, OURS_6, 17, datagram)));
    byte[] zero = Packets.with(Packets.with(datagram, 6, 0), 7, 0);
    net.shouldPop(fromGateway(0x86dd, outer6(PEER_6, OURS_6, 17, zero)));
  }

  @Test
  void shouldRefuseATagWithoutAddressOrWithAnotherOneThanThePort() {
    ProbeProvider tag = new ProbeProvider(Carrier.etherType(0x88b5), Layer.L2, false);
    for (Option<MacAddress> address :
        java.util.List.of(Option.<MacAddress>none(), Option.some(new MacAddress(TUNNEL_MAC)))) {
      FakeNetwork network = new FakeNetwork();
      network
          .port(Site.LAN, "eth0", 1500)
          .port(Site.WAN, "eth1", 1500)
          .device(new Device.Virtual(TUNNEL, "probe0", tag.device(), 1400, true, address))
          .route("10.1.0.0/16", Site.LAN)
          .route("10.7.0.0/16", TUNNEL)
          .neighbour(Site.LAN, "10.1.0.2", Site.HOST_MAC)
          .neighbour(TUNNEL, "10.7.0.5", Site.GATEWAY_MAC);
      FlowTable table = new FlowTable(Site.config(), EncapRegistry.of(tag), network);
      table.addPort(Site.LAN);
      table.addPort(Site.WAN);
      FlowTuple tuple = new FlowTuple(ip("10.1.0.2"), ip("10.7.0.5"), Packets.UDP, 1000, 2000);
      assertThat(table.offer(new FlowOffer(tuple, Site.LAN, Duration.ZERO)).getLeft().message())
          .contains("MAC address");
    }
  }

  /** Something small fits, but a link without room for 1,280 bytes carries no IPv6 at all. */
  @Test
  void shouldRefuseIpv6OverAPortBelowItsLeastMtu() {
    ProbeProvider probe = new ProbeProvider(Carrier.ipProtocol(IpFamily.V6, 253), Layer.L3, true);
    FakeNetwork network = new FakeNetwork();
    network
        .port(Site.LAN, "eth0", 1500)
        .port(Site.WAN, "eth1", 1279)
        .device(new Device.Virtual(TUNNEL, "probe0", probe.device(), 1000, true))
        .route("10.1.0.0/16", Site.LAN)
        .route("10.7.0.0/16", TUNNEL)
        .route("2001:db8:9::/64", Site.WAN)
        .neighbour(Site.LAN, "10.1.0.2", Site.HOST_MAC)
        .neighbour(Site.WAN, PEER_6, Site.GATEWAY_MAC);
    FlowTable table = new FlowTable(Site.config(), EncapRegistry.of(probe), network);
    table.addPort(Site.LAN);
    table.addPort(Site.WAN);
    FlowTuple tuple = new FlowTuple(ip("10.1.0.2"), ip("10.7.0.5"), Packets.UDP, 1000, 2000);
    FlowOffer offer = new FlowOffer(tuple, Site.LAN, Duration.ZERO);
    assertThat(table.offer(offer).getLeft())
        .isEqualTo(
            new OffloadError.NoPath(
                "original", new io.culvert.path.PathError.MtuTooSmall("eth1", 1279, 1280)));
    network.port(Site.WAN, "eth1", 1280);
    assertThat(table.offer(offer).isRight()).isTrue();
  }
}
