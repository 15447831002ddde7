/**
 * One side of a paired measurement: a process that does a slice of work for each line it reads.
 *
 * <p>The program's own sides are here; {@code bench/src/main/c} and {@code bench/peers} have those
 * that it is held against, and {@link io.culvert.bench.compare} asks them all in turns.
 */
@NullMarked
package io.culvert.bench.slice;

import org.jspecify.annotations.NullMarked;
