package io.culvert.spi;

/**
 * How the framework fills the outer IP header of a layer on transmit.
 *
 * @param ttl TTL or hop limit; inherited means the inner one after its decrement
 * @param tos TOS or traffic class; ECN bits are always those of {@code ecn}
 * @param df the DF bit of an outer IPv4 header
 * @param flowLabel flow label of an outer IPv6 header, 0 unless the policy says otherwise
 * @param ecn how the outer ECN bits are made
 */
public record OuterPolicy(
    Inheritable ttl, Inheritable tos, DontFragment df, Inheritable flowLabel, EcnMode ecn) {

  /** TTL 64, TOS 0, DF set, flow label 0, RFC 6040: what an RFC asks where nothing is said. */
  public static final OuterPolicy DEFAULT =
      new OuterPolicy(
          Inheritable.fixed(64),
          Inheritable.fixed(0),
          DontFragment.SET,
          Inheritable.fixed(0),
          EcnMode.RFC6040);

  /** The DF bit of an outer IPv4 header (RFC 2003 §3.1, RFC 6864). */
  public enum DontFragment {
    /** Always set: the outer datagram is atomic, its id has no meaning (RFC 6864 §4.1). */
    SET,
    /** The inner IPv4 header's; clear if the inner packet has none. */
    INHERIT,
    /** Never set, whatever the inner header says. */
    CLEAR
  }

  /** How the outer ECN bits are made on transmit. */
  public enum EcnMode {
    /** Normal mode of RFC 6040 §4.1: the inner bits, CE included. */
    RFC6040,
    /** Full functionality of RFC 3168 §9.1.1, as Linux does: CE becomes ECT(0). */
    RFC3168,
    /** Compatibility mode of RFC 6040 §4.3: always Not-ECT. */
    COMPATIBILITY
  }

  /** With another TTL. */
  public OuterPolicy withTtl(Inheritable newTtl) {
    return new OuterPolicy(newTtl, tos, df, flowLabel, ecn);
  }

  /** With another TOS. */
  public OuterPolicy withTos(Inheritable newTos) {
    return new OuterPolicy(ttl, newTos, df, flowLabel, ecn);
  }

  /** With another DF rule. */
  public OuterPolicy withDf(DontFragment newDf) {
    return new OuterPolicy(ttl, tos, newDf, flowLabel, ecn);
  }

  /** With another ECN mode. */
  public OuterPolicy withEcn(EcnMode newEcn) {
    return new OuterPolicy(ttl, tos, df, flowLabel, newEcn);
  }
}
