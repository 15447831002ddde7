/**
 * Forward-path discovery: from a device and a next hop down to a real port, and the headers that a
 * packet needs on that way. Control path.
 */
@NullMarked
package io.culvert.flowtable.path;

import org.jspecify.annotations.NullMarked;
