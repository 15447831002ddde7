/** Tests. */
@NullMarked
package io.culvert.bench.classic;

import org.jspecify.annotations.NullMarked;
