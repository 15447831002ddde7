/**
 * Tunnels off and onto the frames of a capture, on plain byte arrays: what {@code strip} and {@code
 * wrap} do.
 */
@NullMarked
package io.culvert.bench.tunnel;

import org.jspecify.annotations.NullMarked;
