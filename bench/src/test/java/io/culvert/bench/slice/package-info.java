/** The program's own sides, and those in C that send the same. */
@NullMarked
package io.culvert.bench.slice;

import org.jspecify.annotations.NullMarked;
