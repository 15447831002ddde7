/** The program {@code culvert}: its commands. What they do lies in the packages below. */
@NullMarked
package io.culvert.bench;

import org.jspecify.annotations.NullMarked;
