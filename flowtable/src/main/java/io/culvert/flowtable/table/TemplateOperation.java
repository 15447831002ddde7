package io.culvert.flowtable.table;

import io.culvert.spi.OuterPolicy;
import io.culvert.spi.OuterPolicy.DontFragment;
import io.culvert.spi.OuterPolicy.EcnMode;
import io.culvert.wire.Ipv4Header;
import java.util.Map;

/**
 * One operation of a template, packed in two longs. An operation finishes a field or a header whose
 * fixed parts are in the template's bytes.
 *
 * <pre>
 * first word, from the low end: kind 8 | offset 8 | flags 8 | from 8 | base sum 16 | -
 *
 * kind      offset of      from               base sum                  second word
 * IPV4      the header     -                  the header's              mask of inherited bits
 * IPV6      the header     -                  -                         mask of inherited bits
 * UDP       the header     -                  pseudo header and ports   least source port, ports
 * LENGTH    the field      first that counts  -                         -
 * CHECKSUM  the field      first covered      -                         -
 * PRIORITY  the byte       -                  -                         a nibble for each priority
 * DROP_EL.  the byte       -                  -                         the bit
 * ENTROPY   the field      -                  -                         -
 * SEQUENCE  the field      -                  -                         number of the tunnel's state
 * </pre>
 *
 * <p>The mask of inherited bits has the shape of {@link #FLOW_LABEL_LOW a bequest}; what it selects
 * is taken from the header inside, the rest from the template.
 *
 * <p><em>Bequest:</em> what a header leaves to the one around it, in the shape of an IPv4 header's
 * first word: TOS at bit 48, the TTL in place of the length's lower byte (bit 32), DF (bit 14). An
 * IPv6 header has bit 15 in place of DF, and its flow label in bits 16..31 and 40..43.
 */
public final class TemplateOperation {
  /** Bytes of an operation. */
  public static final int BYTES = 16;

  /** Finishes an IPv4 header. */
  public static final int IPV4 = 1;

  /** Writes a 16-bit length. */
  public static final int LENGTH = 2;

  /** Finishes an IPv6 header. */
  public static final int IPV6 = 3;

  /** Finishes a UDP header. */
  public static final int UDP = 4;

  /** Writes an internet checksum up to the packet's end. */
  public static final int CHECKSUM = 5;

  /** Writes three priority bits. */
  public static final int PRIORITY = 6;

  /** Writes 16 bits that are constant for a flow. */
  public static final int ENTROPY = 7;

  /** Writes the tunnel's next sequence number, 32 bits. */
  public static final int SEQUENCE = 8;

  /** Sets a bit if the packet came in as drop eligible. */
  public static final int DROP_ELIGIBLE = 9;

  /** Flag: another operation follows. */
  public static final int MORE = 1;

  /** Flag: an inner CE becomes ECT(0) (RFC 3168 as Linux does). */
  public static final int ECN_RFC3168 = 2;

  /** Flag of {@link #UDP}: a checksum is computed; without it 0 is sent. */
  public static final int WITH_CHECKSUM = 4;

  /** Flag of {@link #UDP}: the source port is the flow's own out of a range. */
  public static final int PORT_RANGE = 8;

  /** In a bequest: DF of an IPv4 header. */
  public static final long DF = Ipv4Header.DF;

  /** In a bequest: the header is an IPv6 one. */
  public static final long IS_6 = 0x8000;

  /** In a bequest: the lower 16 bits of an IPv6 header's flow label; the upper 4 at bit 40. */
  public static final long FLOW_LABEL_LOW = 0xffffL << 16;

  private static final long FLOW_LABEL = FLOW_LABEL_LOW | 0xfL << 40;

  private TemplateOperation() {}

  /**
   * Finishes an IPv4 header by the layer's policy.
   *
   * @param offset of the header in the template
   * @param policy how the fields are filled
   * @param baseSum folded sum of the header as the template holds it, checksum zero
   */
  public static long ipv4(int offset, OuterPolicy policy, int baseSum) {
    return IPV4 | (long) offset << 8 | ecnFlag(policy) | (long) baseSum << 32;
  }

  /** Finishes an IPv6 header by the layer's policy. */
  public static long ipv6(int offset, OuterPolicy policy) {
    return IPV6 | (long) offset << 8 | ecnFlag(policy);
  }

  private static long ecnFlag(OuterPolicy policy) {
    return policy.ecn() == EcnMode.RFC3168 ? (long) ECN_RFC3168 << 16 : 0;
  }

  /** The bits that an IPv4 header takes from the header inside. */
  public static long inheritedBits(OuterPolicy policy) {
    long df =
        switch (policy.df()) {
          case INHERIT -> DF;
          case INHERIT_OR_SET -> DF | IS_6;
          case SET, CLEAR -> 0;
        };
    return inheritedByAny(policy) | df;
  }

  /** The bits that an IPv6 header takes from the header inside. */
  public static long inheritedBits6(OuterPolicy policy) {
    return inheritedByAny(policy) | (policy.flowLabel().inherit() ? FLOW_LABEL : 0);
  }

  private static long inheritedByAny(OuterPolicy policy) {
    long tos = policy.tos().inherit() ? 0xfc : 0;
    long ecn = policy.ecn() == EcnMode.COMPATIBILITY ? 0 : 3;
    long ttl = policy.ttl().inherit() ? 0xff : 0;
    return (tos | ecn) << 48 | ttl << 32;
  }

  /** The fragment field of an IPv4 template. */
  public static int fixedFragment(OuterPolicy policy) {
    return policy.df() == DontFragment.SET ? Ipv4Header.DF : 0;
  }

  /**
   * Finishes a UDP header.
   *
   * @param offset of the header
   * @param udp how it is filled
   * @param baseSum folded sum of addresses, protocol and the ports that the template holds
   */
  public static long udp(int offset, OuterPolicy.Udp udp, int baseSum) {
    long flags =
        (udp.checksum() ? WITH_CHECKSUM : 0)
            | (udp.leastSourcePort() < udp.mostSourcePort() ? PORT_RANGE : 0);
    return UDP | (long) offset << 8 | flags << 16 | (long) baseSum << 32;
  }

  /** The second word of {@link #udp}: least source port, and how many there are. */
  public static long sourcePorts(OuterPolicy.Udp udp) {
    return udp.leastSourcePort() | (long) (udp.mostSourcePort() - udp.leastSourcePort() + 1) << 32;
  }

  /** A source port of the range, by a flow's hash. */
  public static int sourcePort(long sourcePorts, long hash) {
    return (int) sourcePorts + (int) (((hash >>> 48) * (sourcePorts >>> 32)) >>> 16);
  }

  /**
   * Writes the number of bytes from template offset {@code from} to the end of the packet.
   *
   * @param offset of the field
   * @param from first byte that counts
   */
  public static long length(int offset, int from) {
    return LENGTH | (long) offset << 8 | (from & 0xffL) << 24;
  }

  /**
   * Writes the internet checksum of the bytes from template offset {@code from} to the packet's
   * end.
   *
   * @param offset of the field, zero in the template
   * @param from first byte covered
   */
  public static long checksum(int offset, int from) {
    return CHECKSUM | (long) offset << 8 | (from & 0xffL) << 24;
  }

  /** Writes the upper three bits of a byte by the packet's priority. */
  public static long priority(int offset) {
    return PRIORITY | (long) offset << 8;
  }

  /** The second word of {@link #priority}: three bits for each priority 0..15. */
  public static long classes(Map<Integer, Integer> classes) {
    long word = 0;
    for (int priority = 0; priority < 16; priority++) {
      word |= (long) (classes.getOrDefault(priority, 0) & 7) << (4 * priority);
    }
    return word;
  }

  /** Sets a bit of a byte if the packet is drop eligible; the second word is the bit. */
  public static long dropEligible(int offset) {
    return DROP_ELIGIBLE | (long) offset << 8;
  }

  /** Writes 16 bits that are constant for a flow. */
  public static long entropy(int offset) {
    return ENTROPY | (long) offset << 8;
  }

  /** Writes a sequence number; the second word is the number of the tunnel's state. */
  public static long sequence(int offset) {
    return SEQUENCE | (long) offset << 8;
  }

  /** Kind of an operation. */
  public static int kind(long operation) {
    return (int) operation & 0xff;
  }

  /** Offset in the template. */
  public static int offset(long operation) {
    return (int) operation >>> 8 & 0xff;
  }

  /** Flags. */
  public static int flags(long operation) {
    return (int) operation >>> 16 & 0xff;
  }

  /** Template offset from which an operation counts. */
  public static int from(long operation) {
    return (int) operation >>> 24;
  }

  /** Base sum of an operation. */
  public static int baseSum(long operation) {
    return (int) (operation >>> 32) & 0xffff;
  }
}
