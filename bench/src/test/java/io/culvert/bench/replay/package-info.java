/** Tests. */
@NullMarked
package io.culvert.bench.replay;

import org.jspecify.annotations.NullMarked;
