package io.culvert.testkit.gen;

import io.culvert.flowtable.FlowTuple;
import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.spi.InnerType;
import io.culvert.testkit.codec.PlainPacket;
import io.culvert.testkit.gen.Damage.Kind;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.testkit.law.PlainFrames.Ip;
import io.culvert.testkit.law.TableAction.Arrive;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.Random;

/** Makes the bytes of a {@link FrameRecipe}. */
final class FrameForge {
  private static final int LEAST_ETHERNET = 60;
  private static final int MOST_PAYLOAD = 9200;
  private static final String[] ODD_DESTINATIONS = {
    "10.0.0.1",
    "10.0.1.1",
    "10.0.0.255",
    "255.255.255.255",
    "224.0.0.1",
    "239.1.2.3",
    "127.0.0.1",
    "0.0.0.0",
    "198.18.0.1",
    "10.100.7.9",
    "10.0.1.20",
    "10.200.0.1"
  };
  private static final int[] ODD_PROTOCOLS = {0, 1, 4, 6, 17, 41, 43, 44, 47, 50, 51, 58, 59, 60};
  private static final int[] ODD_TYPES = {0x0800, 0x86dd, 0x0806, 0x8847, 0x8864, 0x0040, 0x88cc};

  private final RouterPlan router;
  private final Damage damage;

  private FrameForge(RouterPlan router, Damage damage) {
    this.router = router;
    this.damage = damage;
  }

  static Arrive forge(RouterPlan router, Seq<FlowPlan> flows, FrameRecipe recipe) {
    FlowPlan flow = flows.get(recipe.flow() % flows.size());
    return new FrameForge(router, recipe.damage())
        .frame(recipe.isReply() ? flow.reversed() : flow, recipe);
  }

  private Arrive frame(FlowPlan flow, FrameRecipe recipe) {
    Seq<Outer> outers = outers(flow.from().outers(), flow);
    FlowTuple tuple = endpoints(flow.tuple());
    byte[] packet = ip(recipe.inner(), tuple, outers.size(), recipe, flow);
    PlainPacket content = new PlainPacket(InnerType.of(tuple.family()), packet);
    for (int i = outers.size() - 1; i >= 0; i--) {
      Ip fields = recipe.outers().get(i % recipe.outers().size());
      boolean isHit = i == damage.layer() % outers.size();
      PlainPacket outer = outers.get(i).around(content, fields, isHit ? damage : Damage.NONE);
      boolean isIp = outers.get(i).ends().isDefined();
      content =
          isIp ? new PlainPacket(outer.type(), damaged(i, outers.size(), outer.bytes())) : outer;
    }
    byte[] frame =
        PlainFrames.ethernet(
            destination(flow.from().portMac()),
            sender(flow.from().sender()),
            type(content.type().number()),
            content.bytes());
    int port = damage.is(Kind.PORT) ? 1 + damage.value() % 2 : flow.from().port();
    return new Arrive(port, broken(trailed(tagged(frame), recipe.trailing())));
  }

  private MacAddress sender(MacAddress right) {
    return damage.is(Kind.SENDER) ? new MacAddress(right.bits() ^ 1 << damage.value() % 8) : right;
  }

  private Seq<Outer> outers(Seq<Outer> outers, FlowPlan flow) {
    int at = outers.isEmpty() ? 0 : damage.layer() % outers.size();
    return switch (damage.kind()) {
      case MISSING_LAYER -> outers.isEmpty() ? outers : outers.removeAt(at);
      case EXTRA_LAYER -> {
        boolean isOurs = outers.nonEmpty() && damage.value() % 3 == 0;
        FlowTuple t = flow.tuple();
        boolean canCarry = t.family() == IpFamily.V4;
        yield isOurs
            ? outers.insert(at, outers.get(at))
            : canCarry
                ? outers.append(Outer.plain(new Addresses(t.source(), t.destination())))
                : outers;
      }
      case OUTER_ADDRESS ->
          outers.isEmpty() || outers.get(at).ends().isEmpty()
              ? outers
              : outers.update(
                  at,
                  outers
                      .get(at)
                      .with(OddHeaders.other(outers.get(at).ends().get(), damage.value())));
      default -> outers;
    };
  }

  private FlowTuple endpoints(FlowTuple t) {
    if (damage.is(Kind.IPV6_INSIDE)) {
      return tuple(
          t,
          AddressPlan.address("2001:db8:77::1"),
          AddressPlan.address("2001:db8:" + damage.value() % 2 + "::10"));
    }
    if (t.family() == IpFamily.V6) {
      return t;
    }
    return switch (damage.kind()) {
      case DESTINATION ->
          tuple(
              t,
              t.source(),
              AddressPlan.address(ODD_DESTINATIONS[damage.value() % ODD_DESTINATIONS.length]));
      case SOURCE ->
          tuple(
              t,
              AddressPlan.address(OddHeaders.SOURCES[damage.value() % OddHeaders.SOURCES.length]),
              t.destination());
      default -> t;
    };
  }

  private static FlowTuple tuple(FlowTuple t, IpAddress source, IpAddress destination) {
    return new FlowTuple(source, destination, t.protocol(), t.sourcePort(), t.destinationPort());
  }

  /** The innermost packet. */
  private byte[] ip(Ip fields, FlowTuple t, int depth, FrameRecipe recipe, FlowPlan flow) {
    FrameRecipe.Body body = recipe.body();
    int wanted =
        body.fit() == FrameRecipe.Body.NO_FIT
            ? body.payload()
            : flow.to().mtu() + body.fit() - t.family().headerLength();
    byte[] payload =
        router
            .passing()
            .find(passing -> passing.is(t.protocol()))
            .map(passing -> foreign(passing, wanted, depth, body))
            .getOrElse(() -> transport(t, wanted, body));
    byte[] packet = PlainFrames.ip(fields, t.source(), t.destination(), t.protocol(), payload);
    if (body.checksum() == FrameRecipe.Body.RIGHT
        && router.passing().find(p -> p.is(t.protocol())).isEmpty()) {
      PlainFrames.fixTransportChecksum(packet);
    }
    return damaged(depth, depth, packet);
  }

  /** What stands behind the IP header of a packet in somebody's tunnel. */
  private byte[] foreign(Passing passing, int wanted, int depth, FrameRecipe.Body body) {
    byte[] packet = passing.packet(body.payload(), Math.min(wanted, MOST_PAYLOAD));
    boolean isHit = damage.layer() % (depth + 1) == depth;
    return isHit ? passing.damaged(packet, damage) : packet;
  }

  private byte[] transport(FlowTuple t, int wanted, FrameRecipe.Body body) {
    boolean isTcp = t.protocol() == PlainFrames.TCP;
    boolean isFit = body.fit() != FrameRecipe.Body.NO_FIT;
    int room = isFit ? wanted - (isTcp ? 20 : 8) : wanted;
    byte[] payload = PlainFrames.pattern(Math.clamp(room, 0, MOST_PAYLOAD));
    if (isTcp) {
      return PlainFrames.tcp(
          t.sourcePort(), t.destinationPort(), body.tcpBits(), body.checksum(), payload);
    }
    byte[] datagram =
        PlainFrames.udp(t.sourcePort(), t.destinationPort(), body.checksum(), payload);
    if (damage.is(Kind.UDP_LENGTH)) {
      PlainFrames.put16(datagram, 4, oddLength(datagram.length));
    }
    return datagram;
  }

  private int oddLength(int right) {
    int value = damage.value();
    return switch (value % 6) {
      case 0 -> right - 1 - value / 6 % 40;
      case 1 -> right + 1 + value / 6 % 40;
      case 2 -> 0;
      case 3 -> 19;
      case 4 -> 0xffff;
      default -> 20 + value % 16;
    };
  }

  /** The packet of one layer, with what is wrong there. */
  private byte[] damaged(int layer, int depth, byte[] packet) {
    boolean isV4 = packet[0] >> 4 == 4;
    if (layer != damage.layer() % (depth + 1) || damage.is(Kind.NONE)) {
      return packet;
    }
    int value = damage.value();
    switch (damage.kind()) {
      case OPTIONS -> {
        return isV4 ? OddHeaders.withOptions(packet, value) : packet;
      }
      case TOTAL_LENGTH ->
          PlainFrames.put16(
              packet, isV4 ? 2 : 4, oddLength(isV4 ? packet.length : packet.length - 40));
      case CHECKSUM -> packet[10 + value % 2] ^= (byte) (1 << value % 8);
      case FRAGMENT -> {
        int[] odd = {0x2000, 0x6000, 0x0001, 0x2001, 0x1fff, 0x8000, 0x4000, 0x0000};
        PlainFrames.put16(packet, 6, isV4 ? odd[value % odd.length] : PlainFrames.u16(packet, 6));
      }
      case FIRST_BYTE -> packet[0] = (byte) value;
      case PROTOCOL ->
          packet[isV4 ? 9 : 6] =
              (byte) (value % 2 == 0 ? value / 2 : ODD_PROTOCOLS[value / 2 % ODD_PROTOCOLS.length]);
      case TTL -> packet[isV4 ? 8 : 7] = (byte) new int[] {0, 1, 2, 255}[value % 4];
      default -> {}
    }
    if (damage.isRepaired() && isV4 && !damage.is(Kind.CHECKSUM)) {
      PlainFrames.fixHeaderChecksum(packet, 0);
    }
    return packet;
  }

  private MacAddress destination(MacAddress port) {
    if (!damage.is(Kind.MAC)) {
      return port;
    }
    return new MacAddress(
        switch (damage.value() % 4) {
          case 0 -> 0xffff_ffff_ffffL;
          case 1 -> 0x0100_5e00_0001L;
          case 2 -> port.bits() ^ 1;
          default -> router.places().head().portMac().bits();
        });
  }

  private int type(int right) {
    return damage.is(Kind.ETHERTYPE) ? ODD_TYPES[damage.value() % ODD_TYPES.length] : right;
  }

  private byte[] tagged(byte[] frame) {
    if (!damage.is(Kind.TAG)) {
      return frame;
    }
    byte[] longer = new byte[frame.length + 4];
    System.arraycopy(frame, 0, longer, 0, 12);
    PlainFrames.put16(longer, 12, damage.value() % 2 == 0 ? 0x8100 : 0x88a8);
    PlainFrames.put16(longer, 14, damage.value() % 3 == 0 ? 0 : damage.value());
    System.arraycopy(frame, 12, longer, 16, frame.length - 12);
    return longer;
  }

  private static byte[] trailed(byte[] frame, int trailing) {
    int length = trailing < 0 ? Math.max(frame.length, LEAST_ETHERNET) : frame.length + trailing;
    byte[] longer = Arrays.copyOf(frame, length);
    // Not zero: what a network card pads with is whatever lay there.
    Arrays.fill(longer, frame.length, length, (byte) 0x45);
    return longer;
  }

  private byte[] broken(byte[] frame) {
    Random random = new Random(damage.value());
    switch (damage.kind()) {
      case TRUNCATED -> {
        // Headers are what matters: mostly cut there.
        int most = damage.layer() % 4 == 0 ? frame.length : Math.min(frame.length, 100);
        return Arrays.copyOf(frame, damage.value() % (most + 1));
      }
      case BIT_FLIPS -> {
        for (int i = 0; i <= damage.layer() % 3; i++) {
          int bit = random.nextInt(8 * Math.min(frame.length, 96));
          frame[bit / 8] ^= (byte) (1 << bit % 8);
        }
      }
      case RANDOM -> {
        for (int i = damage.isRepaired() ? 14 : 12; i < frame.length; i++) {
          frame[i] = (byte) random.nextInt(256);
        }
      }
      default -> {}
    }
    return frame;
  }
}
