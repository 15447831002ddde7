package io.culvert.flowtable.table;

import io.culvert.spi.OuterPolicy;
import io.culvert.spi.OuterPolicy.DontFragment;
import io.culvert.spi.OuterPolicy.EcnMode;
import io.culvert.wire.Ipv4Header;

/**
 * One operation of a template, packed in two longs. An operation finishes a field or a header whose
 * fixed parts are in the template's bytes.
 *
 * <pre>
 * IPV4:   kind 8 | offset 8 | flags 8 | - 8 | base sum 16 | -             then: mask of inherited bits
 * LENGTH: kind 8 | offset 8 | flags 8 | counted from 8 | -                then: nothing
 * </pre>
 *
 * <p>The mask of inherited bits has the shape of a header's first word: version, TOS, length, id,
 * fragment field, with the TTL in place of the length's lower byte. What it selects is taken from
 * the inner header, the rest from the template.
 */
public final class TemplateOperation {
  /** Bytes of an operation. */
  public static final int BYTES = 16;

  /** Finishes an IPv4 header. */
  public static final int IPV4 = 1;

  /** Writes a 16-bit length. */
  public static final int LENGTH = 2;

  /** Flag: another operation follows. */
  public static final int MORE = 1;

  /** Flag: an inner CE becomes ECT(0) (RFC 3168 as Linux does). */
  public static final int ECN_RFC3168 = 2;

  private TemplateOperation() {}

  /**
   * Finishes an IPv4 header by the layer's policy.
   *
   * @param offset of the header in the template
   * @param policy how the fields are filled
   * @param baseSum folded sum of the header as the template holds it, checksum zero
   */
  public static long ipv4(int offset, OuterPolicy policy, int baseSum) {
    return IPV4
        | (long) offset << 8
        | (policy.ecn() == EcnMode.RFC3168 ? (long) ECN_RFC3168 << 16 : 0)
        | (long) baseSum << 32;
  }

  /** The bits that an IPv4 header takes from the inner one. */
  public static long inheritedBits(OuterPolicy policy) {
    long tos = policy.tos().inherit() ? 0xfc : 0;
    long ecn = policy.ecn() == EcnMode.COMPATIBILITY ? 0 : 3;
    long df = policy.df() == DontFragment.INHERIT ? Ipv4Header.DF : 0;
    long ttl = policy.ttl().inherit() ? 0xff : 0;
    return (tos | ecn) << 48 | ttl << 32 | df;
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

  /** Template offset from which a LENGTH operation counts. */
  public static int from(long operation) {
    return (int) operation >>> 24;
  }

  /** Base sum of an IPv4 operation. */
  public static int baseSum(long operation) {
    return (int) (operation >>> 32) & 0xffff;
  }
}
