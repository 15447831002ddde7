/**
 * Sides of a measurement, each a process, asked for a slice of work in turns: what they send is
 * compared first, then medians and ratios of neighbouring slices are taken, printed, and kept as
 * JSON; and two such files held against each other.
 */
@NullMarked
package io.culvert.bench.compare;

import org.jspecify.annotations.NullMarked;
