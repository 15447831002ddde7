package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.NaiveNat;
import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Rig;
import io.culvert.flowtable.fixture.Rig.Outcome;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.Reason;
import io.culvert.wire.IpAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.statistics.Statistics;

/** Any translation of any packet, with any checksum, is what school arithmetic makes of it. */
class TranslationProperties {
  private static final String[] FAR = {"10.4.0.2", "2001:db8:4::2"};
  private static final Site SITE = Site.exact();
  private static final Rig RIG = new Rig(SITE.table(), 4096);
  private static boolean sawZeroStay;
  private static boolean sawZeroBecomeOnes;

  /**
   * A flow and a packet of it.
   *
   * @param in tuple that it comes with
   * @param out tuple that it goes with
   * @param packet of the original direction
   * @param answer of the reply direction
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Case(FlowTuple in, FlowTuple out, byte[] packet, byte[] answer) {
    @Override
    public String toString() {
      return in + " as " + out + ": " + Arrays.toString(packet) + ", " + Arrays.toString(answer);
    }
  }

  @Property(tries = 4000)
  void shouldTranslateAsSchoolArithmeticDoes(@ForAll("cases") Case one) {
    SITE.accept(new FlowOffer(one.in(), one.out().reversed(), LAN, Duration.ZERO));
    Outcome there = RIG.send(LAN, Site.fromHost(one.packet()));
    assertThat(there.reason()).isEqualTo(Reason.NONE);
    byte[] sent = Packets.forwarded(NaiveNat.translated(one.packet(), one.out()));
    assertThat(there.frame()).isEqualTo(Site.toGateway(sent));
    Outcome back = RIG.send(WAN, Site.fromGateway(one.answer()));
    assertThat(back.reason()).isEqualTo(Reason.NONE);
    byte[] answered = Packets.forwarded(NaiveNat.translated(one.answer(), one.in().reversed()));
    assertThat(back.frame()).isEqualTo(Site.toHost(answered));
    assertThat(SITE.table().remove(one.in(), LAN)).isTrue();
    collect(one, sent);
  }

  private static void collect(Case one, byte[] sent) {
    boolean isUdp = one.in().protocol() == Packets.UDP;
    int at = (one.packet()[0] >>> 4 == 4 ? 20 : 40) + (isUdp ? 6 : 16);
    int before = NaiveNat.u16(one.packet(), at);
    int after = NaiveNat.u16(sent, at);
    sawZeroStay |= isUdp && before == 0 && after == 0;
    sawZeroBecomeOnes |= isUdp && before != 0 && after == 0xffff;
    Statistics.label("checksum").collect(before == 0 ? "0" : before == 0xffff ? "ffff" : "other");
    Statistics.label("after").collect(after == 0 ? "0" : after == 0xffff ? "ffff" : "other");
    Statistics.label("right").collect(NaiveNat.residue(one.packet()) == 0);
    assertThat(NaiveNat.residue(sent) == 0 || (isUdp && before == 0))
        .isEqualTo(NaiveNat.residue(one.packet()) == 0 || (isUdp && before == 0));
  }

  @Provide
  Arbitrary<Case> cases() {
    Arbitrary<Integer> ports =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(2, Arbitraries.of(0, 1, 0xfffe, 0xffff, 53)),
            net.jqwik.api.Tuple.of(3, Arbitraries.integers().between(0, 0xffff)));
    return Combinators.combine(
            Arbitraries.of(true, false),
            Arbitraries.of(Packets.TCP, Packets.UDP),
            ports.array(int[].class).ofSize(4),
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 300),
            Arbitraries.longs())
        .as(TranslationProperties::make)
        .filter(one -> !one.in().equals(one.out()) && !one.in().equals(one.out().reversed()));
  }

  private static Case make(
      boolean isV4, int protocol, int[] ports, int kind, int payload, long seed) {
    Random random = new Random(seed);
    IpAddress host = ip(isV4 ? "10.1.0.2" : "2001:db8:1::2");
    IpAddress far = ip(FAR[isV4 ? 0 : 1]);
    IpAddress before = (kind & 1) == 0 ? far : address(isV4, random);
    IpAddress after = (kind & 2) == 0 ? host : address(isV4, random);
    FlowTuple in = new FlowTuple(host, before, protocol, ports[0], ports[1]);
    FlowTuple out = new FlowTuple(after, far, protocol, ports[2], ports[3]);
    return new Case(
        in, out, packet(in, out, payload, random), packet(out.reversed(), in, payload, random));
  }

  /** Any unicast address, often one whose words are all zeros or all ones. */
  private static IpAddress address(boolean isV4, Random random) {
    byte[] bytes = new byte[isV4 ? 4 : 16];
    switch (random.nextInt(3)) {
      case 0 -> random.nextBytes(bytes);
      case 1 -> Arrays.fill(bytes, (byte) 0);
      default -> Arrays.fill(bytes, (byte) 0xff);
    }
    bytes[0] = (byte) (isV4 ? 1 + random.nextInt(126) : 0x20);
    return IpAddress.of(bytes);
  }

  /**
   * A packet whose checksum is right, wrong, 0, all ones, or such that the translated one is 0: one
   * word of the payload makes it so.
   */
  private static byte[] packet(FlowTuple tuple, FlowTuple out, int length, Random random) {
    byte[] payload = new byte[length];
    random.nextBytes(payload);
    boolean isUdp = tuple.protocol() == Packets.UDP;
    byte[] transport =
        isUdp
            ? Packets.udp(tuple.sourcePort(), tuple.destinationPort(), payload)
            : Packets.tcp(tuple.sourcePort(), tuple.destinationPort(), 0x10, payload);
    String from = tuple.source().toString();
    String to = tuple.destination().toString();
    boolean isV4 = !from.contains(":");
    byte[] packet =
        isV4
            ? Packets.ipv4(from, to, tuple.protocol(), transport)
            : Packets.ipv6(from, to, tuple.protocol(), transport);
    int at = (isV4 ? 20 : 40) + (isUdp ? 6 : 16);
    switch (random.nextInt(5)) {
      case 0 -> NaiveNat.put16(packet, at, random.nextInt(0x10000));
      case 1 -> NaiveNat.put16(packet, at, 0);
      case 2 -> NaiveNat.put16(packet, at, 0xffff);
      case 3 -> {
        // What makes the checksum behind the translation 0: found by trying it with 1.
        NaiveNat.put16(packet, at, 1);
        byte[] tried = NaiveNat.translated(packet, out);
        NaiveNat.put16(packet, at, Math.floorMod(1 - NaiveNat.u16(tried, at), 0xffff));
      }
      default -> packet = NaiveNat.sealed(packet);
    }
    return packet;
  }

  @AfterContainer
  static void shouldHaveSeenTheCorners() {
    assertThat(sawZeroStay).isTrue();
    assertThat(sawZeroBecomeOnes).isTrue();
  }
}
