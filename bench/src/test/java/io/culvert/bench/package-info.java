/** Tests of the program. */
@NullMarked
package io.culvert.bench;

import org.jspecify.annotations.NullMarked;
