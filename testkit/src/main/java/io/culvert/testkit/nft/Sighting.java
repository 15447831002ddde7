package io.culvert.testkit.nft;

import org.jspecify.annotations.Nullable;

/**
 * What connection tracking makes of one packet.
 *
 * @param state what {@code ct state} says of it
 * @param connection the connection whose packet it is, or whose packet it quotes; null if there is
 *     none
 * @param isReply true if it goes in the reply direction
 * @param isError true if it is an ICMP error about a packet of the connection
 */
record Sighting(CtState state, @Nullable Connection connection, boolean isReply, boolean isError) {
  static Sighting of(CtState state) {
    return new Sighting(state, null, false, false);
  }

  /** True if the packet may begin a connection: its translation is not decided yet. */
  boolean isFirst() {
    return connection != null && !connection.isConfirmed();
  }

  /**
   * The packet with its source or destination translated, if the connection's are: destinations
   * before it is routed, sources before it leaves ({@code nf_nat_packet}). An ICMP error gets the
   * address that an answer would get, and what it quotes is what its receiver had sent ({@code
   * nf_nat_icmp_reply_translation}).
   */
  byte[] translated(byte[] packet, boolean isSource) {
    if (connection == null) {
      return packet;
    }
    ConnectionTuple in = isReply ? connection.reply() : connection.original();
    ConnectionTuple out = isReply ? connection.original().reversed() : connection.out();
    if (in.hasSame(isSource, out)) {
      return packet;
    }
    if (!isError) {
      return AddressRewrite.rewritten(packet, isSource, out.address(isSource), out.port(isSource));
    }
    // The quote last: its checksum covers the new address too (RFC 4443 §2.3).
    byte[] addressed = AddressRewrite.rewrittenHeader(packet, isSource, out.address(isSource));
    return AddressRewrite.rewrittenQuote(
        addressed, !isSource, out.address(isSource), out.port(isSource));
  }
}
