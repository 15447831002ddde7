/** Tests. */
@NullMarked
package io.culvert.bench.traffic;

import org.jspecify.annotations.NullMarked;
