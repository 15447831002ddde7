/** Tests. */
@NullMarked
package io.culvert.bench.demo;

import org.jspecify.annotations.NullMarked;
