package io.culvert.bench.tunnel;

import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.OuterPolicy.Udp;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.wire.IpFamily;

/**
 * Writes outer IP and UDP headers after a tuple's policy.
 *
 * @param ends outer addresses
 * @param policy how the headers are filled
 */
record OuterWriter(Addresses ends, OuterPolicy policy) {
  private static final int UDP = 17;
  private static final int DEFAULT_TTL = 64;
  private static final int CE = 3;
  private static final int ECT0 = 2;

  /**
   * An IP packet.
   *
   * @param protocol IP protocol or next header
   * @param content what follows the header
   * @param inner what the policy inherits from
   * @param id identification of an IPv4 header without DF
   */
  byte[] ip(int protocol, byte[] content, InnerHeader inner, int id) {
    boolean v4 = ends.source().family() == IpFamily.V4;
    int label = policy.flowLabel().inherit() ? inner.flowLabel() : policy.flowLabel().value();
    boolean df = df(inner);
    PlainFrames.Ip fields =
        new PlainFrames.Ip(
            tos(inner), ttl(inner), df ? 0x4000 : 0, v4 ? (df ? 0 : id & 0xffff) : label & 0xffff);
    byte[] packet = PlainFrames.ip(fields, ends.source(), ends.destination(), protocol, content);
    if (!v4) {
      packet[1] |= (byte) (label >> 16);
    }
    return packet;
  }

  /** A UDP datagram whose source port is the flow's. */
  byte[] udp(int port, byte[] content, int entropy) {
    Udp udp = policy.udp();
    int ports = udp.mostSourcePort() - udp.leastSourcePort() + 1;
    byte[] datagram = PlainFrames.udp(udp.leastSourcePort() + entropy % ports, port, 0, content);
    if (udp.checksum()) {
      long sum =
          Checksums.pseudoHeader(ends.source(), ends.destination(), UDP, datagram.length)
              + Checksums.sum(datagram, 0, datagram.length);
      int field = Checksums.field(sum);
      // 0 would say that there is none.
      PlainFrames.put16(datagram, 6, field == 0 ? 0xffff : field);
    }
    return datagram;
  }

  private int ttl(InnerHeader inner) {
    if (!policy.ttl().inherit()) {
      return policy.ttl().value();
    }
    return inner.family().isDefined() ? inner.ttl() : DEFAULT_TTL;
  }

  private int tos(InnerHeader inner) {
    int dscp = (policy.tos().inherit() ? inner.tos() : policy.tos().value()) & 0xfc;
    int mark = inner.tos() & 3;
    return dscp
        | switch (policy.ecn()) {
          case RFC6040 -> mark;
          case RFC3168 -> mark == CE ? ECT0 : mark;
          case COMPATIBILITY -> 0;
        };
  }

  private boolean df(InnerHeader inner) {
    return switch (policy.df()) {
      case SET -> true;
      case CLEAR -> false;
      case INHERIT -> inner.df();
      case INHERIT_OR_SET -> inner.df() || inner.family().contains(IpFamily.V6);
    };
  }
}
