/**
 * Benchmarks for JMH, run by {@code culvert bench}. Each verifies in its set-up that what it is
 * about to time does its work, and counts nanoseconds per frame.
 */
@NullMarked
package io.culvert.bench.jmh;

import org.jspecify.annotations.NullMarked;
