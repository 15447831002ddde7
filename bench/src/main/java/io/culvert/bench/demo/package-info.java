/** What {@code culvert demo} does: the comparison with a Linux kernel, and the measurement. */
@NullMarked
package io.culvert.bench.demo;

import org.jspecify.annotations.NullMarked;
