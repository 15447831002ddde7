/** Captures through a described router: merged by time, forwarded, written out again, summed up. */
@NullMarked
package io.culvert.bench.replay;

import org.jspecify.annotations.NullMarked;
