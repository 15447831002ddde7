/**
 * GRE (RFC 2784, RFC 2890): IP packets, or bridged Ethernet frames, behind IP protocol 47.
 *
 * <p>A file for each part: the kinds of device, their settings, the provider, the header's layout,
 * and the receive side. The outer IP header, and an inner Ethernet header, are the framework's.
 */
@NullMarked
package io.culvert.encap.gre;

import org.jspecify.annotations.NullMarked;
