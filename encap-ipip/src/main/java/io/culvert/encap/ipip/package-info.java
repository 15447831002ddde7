/**
 * IP in IP, the protocols without a header of their own: 4in4 (RFC 2003), 6in4 (RFC 4213), 6in6 and
 * 4in6 (RFC 2473).
 *
 * <p>The outer IP header is the framework's; protocol 4 says that IPv4 is inside, protocol 41 that
 * IPv6 is. Packets are taken from the configured peer only, and never from an IPv6 source that is a
 * group, a loopback, unspecified, or an IPv4 address in disguise (RFC 4213 §3.6).
 *
 * <p>A file for each part: the provider, the kinds of tunnel with their words and modes, what is
 * out of scope, and a receive side for each protocol.
 */
@NullMarked
package io.culvert.encap.ipip;

import org.jspecify.annotations.NullMarked;
