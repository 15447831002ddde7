/** Sides in turns. */
@NullMarked
package io.culvert.bench.compare;

import org.jspecify.annotations.NullMarked;
