package io.culvert.testkit.gen;

import io.culvert.spi.InnerType;
import io.culvert.spi.Transit;
import io.culvert.testkit.codec.PlainPacket;
import io.culvert.testkit.codec.PlainPayload;
import io.culvert.testkit.codec.PlainTunnel;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.testkit.law.PlainFrames.Ip;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;

/**
 * Tunnels of others, whose packets only pass through the router, and may be flows of their own.
 *
 * @param transit which of their packets
 * @param tunnels devices that make such packets, as they do in any tunnel; at least one
 */
public record Passing(Transit transit, Seq<PlainTunnel> tunnels) {
  private static final int UDP_HEADER = 8;

  /** What a damaged bit may be of, from the packet's start: flags, a key, a checksum. */
  private static final int FRONT = 12;

  /** True for the protocol of a packet. */
  boolean is(int protocol) {
    return transit.protocol() == protocol;
  }

  /**
   * What stands behind the IP header of a packet of one of the tunnels.
   *
   * @param choice chooses the tunnel, and what is in the packet
   * @param length bytes wanted; more if there is no such short packet
   */
  byte[] packet(int choice, int length) {
    PlainTunnel tunnel = tunnels.get(Math.floorMod(choice, tunnels.size()));
    Seq<InnerType> types =
        List.of(InnerType.IPV4, InnerType.IPV6, InnerType.ETHERNET).filter(tunnel::carries);
    InnerType type = types.get(Math.floorMod(choice / 7, types.size()));
    int shim = encoded(tunnel, type, 0).length - inner(type, 0).length;
    return encoded(tunnel, type, length - shim);
  }

  private static byte[] encoded(PlainTunnel tunnel, InnerType type, int length) {
    return tunnel
        .encode(new PlainPacket(type, inner(type, length)))
        .map(PlainPayload::bytes)
        .getOrElseThrow(why -> new IllegalStateException("a sample's device refuses: " + why));
  }

  /** A UDP packet between hosts behind the tunnel's ends, or a frame with one. */
  private static byte[] inner(InnerType type, int length) {
    if (type.equals(InnerType.ETHERNET)) {
      return PlainFrames.ethernet(
          new MacAddress(0x02_00_00_00_77_01L),
          new MacAddress(0x02_00_00_00_77_02L),
          InnerType.IPV4.number(),
          inner(InnerType.IPV4, length - PlainFrames.ETHERNET));
    }
    boolean isV6 = type.equals(InnerType.IPV6);
    int headers = (isV6 ? IpFamily.V6 : IpFamily.V4).headerLength() + UDP_HEADER;
    byte[] payload = PlainFrames.pattern(Math.max(0, length - headers));
    return PlainFrames.ip(
        Ip.ttl(64),
        AddressPlan.address(isV6 ? "2001:db8:99:1::1" : "172.16.1.1"),
        AddressPlan.address(isV6 ? "2001:db8:99:2::2" : "172.16.2.2"),
        PlainFrames.UDP,
        PlainFrames.udp(4000, 5000, 0, payload));
  }

  /**
   * Such a packet with what is wrong with it: bits turned over, of which the table may look at few;
   * one of those that it does look at; or an end before the last of these.
   */
  byte[] damaged(byte[] packet, Damage damage) {
    int value = damage.value();
    switch (damage.kind()) {
      case SHIM_BITS -> {
        for (int i = 0, bit = value; i <= value % 2; i++, bit = bit * 31 + 7) {
          int at = Math.floorMod(bit, Math.min(packet.length, FRONT));
          packet[at] ^= (byte) (1 << Math.floorMod(bit >> 8, 8));
        }
      }
      case TRANSIT_GUARD -> turnGuard(packet, value);
      case TRANSIT_CUT -> {
        return Arrays.copyOf(packet, Math.min(packet.length, value % (transit.length() + 1)));
      }
      default -> {}
    }
    return packet;
  }

  private void turnGuard(byte[] packet, int value) {
    long mask = transit.mask();
    int skip = value % Math.max(1, Long.bitCount(mask));
    for (int skipped = 0; skipped < skip; skipped++) {
      mask &= mask - 1;
    }
    if (mask != 0) {
      int bit = Long.numberOfTrailingZeros(mask);
      packet[transit.length() - 1 - bit / 8] ^= (byte) (1 << bit % 8);
    }
  }
}
