package io.culvert.bench.tunnel;

import io.culvert.testkit.law.PlainFrames;
import io.culvert.wire.IpFamily;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.util.Arrays;

/**
 * What an outer header takes from what is inside.
 *
 * @param family version of the IP packet inside; none if there is none
 * @param tos its TOS or traffic class, else 0
 * @param ttl its TTL or hop limit, else 0
 * @param df true if it is an IPv4 packet with DF
 * @param flowLabel its IPv6 flow label, else 0
 */
record InnerHeader(Option<IpFamily> family, int tos, int ttl, boolean df, int flowLabel) {
  private static final InnerHeader NONE = new InnerHeader(Option.none(), 0, 0, false, 0);
  private static final int TCP = 6;
  private static final int UDP = 17;

  /** Linux's {@code ip_tos2prio}, by the upper four bits of the lower five of the TOS. */
  private static final Map<Integer, Integer> PRIORITIES =
      HashMap.ofEntries(
          java.util.Map.entry(0, 0),
          java.util.Map.entry(1, 0),
          java.util.Map.entry(2, 0),
          java.util.Map.entry(3, 0),
          java.util.Map.entry(4, 2),
          java.util.Map.entry(5, 2),
          java.util.Map.entry(6, 2),
          java.util.Map.entry(7, 2),
          java.util.Map.entry(8, 6),
          java.util.Map.entry(9, 6),
          java.util.Map.entry(10, 6),
          java.util.Map.entry(11, 6),
          java.util.Map.entry(12, 4),
          java.util.Map.entry(13, 4),
          java.util.Map.entry(14, 4),
          java.util.Map.entry(15, 4));

  static InnerHeader of(PlainFrame frame) {
    byte[] packet = frame.payload();
    if (frame.family().contains(IpFamily.V4) && packet.length >= PlainFrames.IPV4) {
      return new InnerHeader(
          frame.family(), packet[1] & 0xff, packet[8] & 0xff, (packet[6] & 0x40) != 0, 0);
    }
    if (frame.family().contains(IpFamily.V6) && packet.length >= PlainFrames.IPV6) {
      int first = PlainFrames.u16(packet, 0);
      return new InnerHeader(
          frame.family(),
          first >> 4 & 0xff,
          packet[7] & 0xff,
          false,
          (first & 0xf) << 16 | PlainFrames.u16(packet, 2));
    }
    return NONE;
  }

  /** Priority of the packet as Linux makes it of an IPv4 TOS byte; 0 for others. */
  int priority() {
    return family.contains(IpFamily.V4) ? PRIORITIES.get(tos >> 1 & 0xf).getOrElse(0) : 0;
  }

  /** A value that is the same for all packets of a flow, 16 bits. */
  static int entropy(PlainFrame frame) {
    byte[] packet = frame.payload();
    InnerHeader header = of(frame);
    if (header.family().isEmpty()) {
      return mix(31 * frame.to().hashCode() + frame.from().hashCode());
    }
    boolean v4 = header.family().get() == IpFamily.V4;
    int start = v4 ? 12 : 8;
    int transport = v4 ? (packet[0] & 0xf) * 4 : PlainFrames.IPV6;
    int protocol = packet[v4 ? 9 : 6] & 0xff;
    int hash = Arrays.hashCode(Arrays.copyOfRange(packet, start, v4 ? 20 : 40)) * 31 + protocol;
    boolean isFragment = v4 && (PlainFrames.u16(packet, 6) & 0x3fff) != 0;
    boolean hasPorts =
        (protocol == TCP || protocol == UDP) && !isFragment && packet.length >= transport + 4;
    return mix(
        hasPorts
            ? hash * 31 + Arrays.hashCode(Arrays.copyOfRange(packet, transport, transport + 4))
            : hash);
  }

  private static int mix(int hash) {
    return (hash * 0x9e3779b1) >>> 16;
  }
}
