/** Tests. */
@NullMarked
package io.culvert.bench.measure;

import org.jspecify.annotations.NullMarked;
