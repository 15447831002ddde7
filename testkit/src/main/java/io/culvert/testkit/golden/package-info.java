/**
 * Golden captures: what a Linux kernel did, step by step, and the comparison with it.
 *
 * <p>The scenarios in the kit's resources are captures of Debian 12's kernel 6.1.192. Each step is
 * a frame that was injected, and all frames that it caused.
 */
@NullMarked
package io.culvert.testkit.golden;

import org.jspecify.annotations.NullMarked;
