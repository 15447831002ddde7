/**
 * IP in IP (RFC 2003): the protocol without a header of its own.
 *
 * <p>A file for each part: the provider with its settings, and the receive side. The outer IP
 * header is the framework's.
 */
@NullMarked
package io.culvert.encap.ipip;

import org.jspecify.annotations.NullMarked;
