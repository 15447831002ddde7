/**
 * VLAN tags (IEEE 802.1Q, 802.1ad): four bytes in front of any EtherType, stacked in any order.
 *
 * <p>A tag is a layer of its own behind EtherType 0x8100, 0x88a8 or 0x9100; a customer's tag inside
 * a provider's (QinQ) is two devices, one over the other. Only the 12 bits of the VID identify it.
 * PCP and DEI are free on receipt; what is sent in them follows from {@code egress-qos-map} and
 * {@code dei}. VID 0, the priority tag, is an identity like any other: an untagged packet is not
 * it.
 *
 * <p>A file for each part: the provider with its settings, the receive side, the header.
 */
@NullMarked
package io.culvert.encap.vlan;

import org.jspecify.annotations.NullMarked;
