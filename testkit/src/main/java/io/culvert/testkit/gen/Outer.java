package io.culvert.testkit.gen;

import io.culvert.spi.Carrier;
import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.spi.InnerType;
import io.culvert.testkit.codec.PlainPacket;
import io.culvert.testkit.codec.PlainPayload;
import io.culvert.testkit.codec.PlainPriority;
import io.culvert.testkit.codec.PlainTunnel;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import io.vavr.control.Option;
import java.util.Arrays;

/**
 * One layer around a packet that comes in.
 *
 * @param ends outer addresses as they stand on the wire; none for a layer behind an EtherType
 * @param tunnel the peer's device, which makes what stands behind the carrier's header; none for
 *     somebody's IP in IP
 * @param frame addresses of the Ethernet header inside, if there is one
 */
public record Outer(Option<Addresses> ends, Option<PlainTunnel> tunnel, Option<Stations> frame) {
  private static final int IPV6_PROTOCOL = 41;
  private static final int LEAST_ETHERNET = 60;

  /**
   * Addresses of an Ethernet header.
   *
   * @param to the router's device
   * @param from the neighbour who sends by it
   */
  public record Stations(MacAddress to, MacAddress from) {}

  /** Somebody's IP in IP. */
  static Outer plain(Addresses ends) {
    return new Outer(Option.some(ends), Option.none(), Option.none());
  }

  /** With other addresses. */
  Outer with(Addresses newEnds) {
    return new Outer(Option.some(newEnds), tunnel, frame);
  }

  /** With another sender in the Ethernet header inside. */
  Outer from(MacAddress sender) {
    return new Outer(ends, tunnel, frame.map(stations -> new Stations(stations.to(), sender)));
  }

  /** True if it shares the Ethernet header in front, and takes frames from any station. */
  boolean isTag() {
    return ends.isEmpty() && tunnel.forAll(t -> t.peer().isEmpty());
  }

  /**
   * The packet in its layer, as the peer would make it: with any bits where a sender is free.
   *
   * @param fields of the outer header; also choose what else is free
   * @param damage what is wrong with this layer's shim or UDP header, if anything is
   */
  PlainPacket around(PlainPacket packet, PlainFrames.Ip fields, Damage damage) {
    PlainPacket in =
        frame
            .map(stations -> framed(packet, stations, damage))
            .getOrElse(() ->
                new PlainPacket(packet.type(), packet.bytes(), PlainPriority.of(fields.id() & 7)));
    Option<PlainPayload> encoded =
        tunnel.filter(t -> t.carries(in.type())).flatMap(t -> t.encode(in).toOption());
    if (ends.isEmpty()) {
      return encoded
          .map(payload -> tagged(shim(payload, in, damage), payload.carrier(), fields))
          .getOrElse(packet);
    }
    IpFamily family = ends.get().source().family();
    boolean isV6 = packet.type().equals(InnerType.IPV6);
    int protocol = isV6 ? IPV6_PROTOCOL : PlainFrames.IPIP_PROTOCOL;
    byte[] payload = in.bytes();
    if (encoded.isDefined()) {
      payload = shim(encoded.get(), in, damage);
      switch (encoded.get().carrier()) {
        case Carrier.IpProtocolCarrier c -> protocol = c.number();
        case Carrier.UdpPortCarrier c -> {
          protocol = PlainFrames.UDP;
          payload = udp(c.number(), payload, fields, damage);
        }
        case Carrier.EtherTypeCarrier _ -> {}
      }
    }
    return new PlainPacket(
        InnerType.of(family),
        PlainFrames.ip(fields, ends.get().source(), ends.get().destination(), protocol, payload));
  }

  private static PlainPacket framed(PlainPacket packet, Stations stations, Damage damage) {
    MacAddress to = stations.to();
    if (damage.is(Damage.Kind.INNER_MAC)) {
      long[] odd = {to.bits() ^ 1, 0xffff_ffff_ffffL, 0x0100_5e00_0001L, stations.from().bits()};
      to = new MacAddress(odd[damage.value() % odd.length]);
    }
    byte[] bytes =
        PlainFrames.ethernet(to, stations.from(), packet.type().number(), packet.bytes());
    if (damage.is(Damage.Kind.INNER_PADDING)) {
      int length = bytes.length;
      bytes = Arrays.copyOf(bytes, Math.max(LEAST_ETHERNET, length + damage.value() % 8));
      Arrays.fill(bytes, length, bytes.length, (byte) 0x60);
    }
    return new PlainPacket(InnerType.ETHERNET, bytes, packet.priority());
  }

  /** What stands behind an EtherType; a tag's priority and drop mark are the sender's business. */
  private static PlainPacket tagged(byte[] bytes, Carrier carrier, PlainFrames.Ip fields) {
    int type = carrier instanceof Carrier.EtherTypeCarrier c ? c.number() : 0;
    boolean isVlan = type == 0x8100 || type == 0x88a8 || type == 0x9100;
    if (isVlan && bytes.length > 0) {
      bytes[0] = (byte) ((bytes[0] & 0x0f) | (fields.id() >> 8 & 0xf0));
    }
    return new PlainPacket(new InnerType(InnerType.ETHERTYPE, type), bytes);
  }

  /** The shim and what it carries, with what is wrong with it. */
  private static byte[] shim(PlainPayload payload, PlainPacket in, Damage damage) {
    byte[] bytes = payload.bytes().clone();
    int length = bytes.length - in.bytes().length;
    int value = damage.value();
    if (length < 1) {
      return bytes;
    }
    if (damage.is(Damage.Kind.SHIM_BITS)) {
      for (int i = 0, bit = value; i <= value % 2; i++, bit = bit * 31 + 7) {
        bytes[Math.floorMod(bit, length)] ^= (byte) (1 << Math.floorMod(bit >> 8, 8));
      }
    } else if (damage.is(Damage.Kind.SHIM_FIELD) && length >= 2) {
      int at = value % (length / 2) * 2;
      int[] odd = {
        0, 1, 0xffff, value & 0xffff, PlainFrames.u16(bytes, at) + 1, PlainFrames.u16(bytes, at) - 3
      };
      PlainFrames.put16(bytes, at, odd[value / 7 % odd.length]);
    }
    return bytes;
  }

  private byte[] udp(int port, byte[] payload, PlainFrames.Ip fields, Damage damage) {
    int value = damage.value();
    boolean isOther = damage.is(Damage.Kind.TUNNEL_PORT);
    int to = isOther ? new int[] {port + 1, 4789, 8472, 53}[value % 4] & 0xffff : port;
    byte[] datagram = PlainFrames.udp(1 + fields.id() % 0xfff0, to, 0, payload);
    if (damage.is(Damage.Kind.TUNNEL_UDP_LENGTH)) {
      int right = datagram.length;
      int[] odd = {right - 1, right + 1, 0, 8, 7, 0xffff, right - 4};
      PlainFrames.put16(datagram, 4, odd[value % odd.length]);
    }
    boolean wantsSum = tunnel.flatMap(PlainTunnel::outer).exists(o -> o.policy().udp().checksum());
    // Either may come: a peer with another setting, or an offload that failed.
    boolean isTwisted = damage.is(Damage.Kind.TUNNEL_CHECKSUM);
    if (isTwisted && value % 3 == 0) {
      wantsSum = !wantsSum;
    }
    int sum = wantsSum ? checksum(datagram) : 0;
    PlainFrames.put16(datagram, 6, isTwisted && value % 3 != 0 ? sum ^ 1 << value % 16 : sum);
    return datagram;
  }

  private int checksum(byte[] datagram) {
    int length = PlainFrames.u16(datagram, 4);
    long sum = PlainFrames.UDP + (long) length;
    sum += words(ends.get().source().bytes()) + words(ends.get().destination().bytes());
    sum += words(Arrays.copyOf(datagram, Math.min(length, datagram.length)));
    int folded = (int) ((sum - 1) % 0xffff) + 1;
    return folded == 0xffff ? 0xffff : 0xffff - folded;
  }

  private static long words(byte[] bytes) {
    long sum = 0;
    for (int i = 0; i < bytes.length; i++) {
      sum += (bytes[i] & 0xffL) << (i % 2 == 0 ? 8 : 0);
    }
    return sum;
  }
}
