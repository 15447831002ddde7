/**
 * PPP over Ethernet (RFC 2516, RFC 4638): the session stage, with IPv4 and IPv6 in it.
 *
 * <p>A session belongs to two stations: its number and the peer's MAC address identify it together.
 * Discovery (EtherType 0x8863), PPP's own protocols (LCP, IPCP, authentication …), compression and
 * multilink are the slow path's; a PADT that it sees ends the session's flows there.
 *
 * <p>What the length field leaves over is Ethernet padding, and reported as such. The MTU of the
 * session, 1492 unless the peers agreed on more (RFC 4638), is a setting of the device and not of
 * the protocol.
 *
 * <p>A file for each part: the provider with its settings, the receive side, the header.
 */
@NullMarked
package io.culvert.encap.pppoe;

import org.jspecify.annotations.NullMarked;
