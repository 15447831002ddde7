/**
 * Virtual devices and the way a packet takes through them.
 *
 * <p>The embedder describes what it knows ({@link io.culvert.path.Network}: devices, routes,
 * neighbours); path discovery walks from a device down to a real port, one hop after the other, as
 * {@code dev_fill_forward_path} does in Linux.
 */
@NullMarked
package io.culvert.path;

import org.jspecify.annotations.NullMarked;
