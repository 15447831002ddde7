/**
 * VXLAN (RFC 7348): Ethernet frames of a segment behind a UDP port.
 *
 * <p>A file for each part: the link type, its settings, the provider, the header's layout, and the
 * receive side. The outer IP and UDP headers, and the inner Ethernet header, are the framework's.
 */
@NullMarked
package io.culvert.encap.vxlan;

import org.jspecify.annotations.NullMarked;
