/**
 * Measuring in memory: forwarding paths, run in turns on the same traffic, and what came out.
 *
 * <p>Each slice of a path's time is preceded by one in which the frames are only written; the
 * difference is the path's work. Medians and quartiles over many rounds, so that a neighbour on the
 * machine shows as spread and not as a result.
 */
@NullMarked
package io.culvert.bench.measure;

import org.jspecify.annotations.NullMarked;
