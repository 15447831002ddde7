package io.culvert.spi;

/**
 * How the framework fills the outer IP header of a layer on transmit.
 *
 * @param ttl TTL or hop limit; inherited means the inner one after its decrement
 * @param tos TOS or traffic class; ECN bits are always those of {@code ecn}
 * @param df the DF bit of an outer IPv4 header
 * @param flowLabel flow label of an outer IPv6 header, 0 unless the policy says otherwise
 * @param ecn how the outer ECN bits are made
 * @param udp how a UDP header is filled and judged; of no meaning for other carriers
 */
public record OuterPolicy(
    Inheritable ttl,
    Inheritable tos,
    DontFragment df,
    Inheritable flowLabel,
    EcnMode ecn,
    Udp udp) {

  /** TTL 64, TOS 0, DF set, flow label 0, RFC 6040: what an RFC asks where nothing is said. */
  public static final OuterPolicy DEFAULT =
      new OuterPolicy(
          Inheritable.fixed(64),
          Inheritable.fixed(0),
          DontFragment.SET,
          Inheritable.fixed(0),
          EcnMode.RFC6040,
          Udp.DEFAULT);

  /** The DF bit of an outer IPv4 header (RFC 2003 §3.1, RFC 6864). */
  public enum DontFragment {
    /**
     * The inner IPv4 header's; set over an IPv6 packet, which no router fragments (RFC 8200 §5).
     */
    INHERIT_OR_SET,
    /** Always set: the outer datagram is atomic, its id has no meaning (RFC 6864 §4.1). */
    SET,
    /** The inner IPv4 header's; clear if the inner packet is IPv6. */
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

  /**
   * The UDP header of a carrier by UDP port.
   *
   * @param leastSourcePort smallest source port, 1..65535
   * @param mostSourcePort largest source port; a flow keeps one of the range
   * @param checksum true to send a checksum, false to send 0
   * @param zeroAccepted true to take packets with checksum 0: always legal over IPv4, over IPv6
   *     only where both ends agreed (RFC 6935 §5). Another checksum is verified in any case
   */
  public record Udp(
      int leastSourcePort, int mostSourcePort, boolean checksum, boolean zeroAccepted) {
    /** Ports of the dynamic range (RFC 6335 §6), a checksum on transmit, zero accepted. */
    public static final Udp DEFAULT = new Udp(49152, 65535, true, true);

    /** Checks the ports. */
    public Udp {
      if (leastSourcePort < 1 || mostSourcePort > 65535 || leastSourcePort > mostSourcePort) {
        throw new IllegalArgumentException(
            "UDP source ports: least=" + leastSourcePort + " most=" + mostSourcePort);
      }
    }
  }

  /** The policy of a carrier without UDP header. */
  public OuterPolicy(
      Inheritable ttl, Inheritable tos, DontFragment df, Inheritable flowLabel, EcnMode ecn) {
    this(ttl, tos, df, flowLabel, ecn, Udp.DEFAULT);
  }

  /** With another TTL. */
  public OuterPolicy withTtl(Inheritable newTtl) {
    return new OuterPolicy(newTtl, tos, df, flowLabel, ecn, udp);
  }

  /** With another TOS. */
  public OuterPolicy withTos(Inheritable newTos) {
    return new OuterPolicy(ttl, newTos, df, flowLabel, ecn, udp);
  }

  /** With another DF rule. */
  public OuterPolicy withDf(DontFragment newDf) {
    return new OuterPolicy(ttl, tos, newDf, flowLabel, ecn, udp);
  }

  /** With another ECN mode. */
  public OuterPolicy withEcn(EcnMode newEcn) {
    return new OuterPolicy(ttl, tos, df, flowLabel, newEcn, udp);
  }

  /** With another flow label. */
  public OuterPolicy withFlowLabel(Inheritable newLabel) {
    return new OuterPolicy(ttl, tos, df, newLabel, ecn, udp);
  }

  /** With another UDP header. */
  public OuterPolicy withUdp(Udp newUdp) {
    return new OuterPolicy(ttl, tos, df, flowLabel, ecn, newUdp);
  }
}
