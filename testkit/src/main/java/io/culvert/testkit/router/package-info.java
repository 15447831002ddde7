/**
 * The reference router: what Linux's slow path does with a frame, on byte arrays, slow and plain.
 *
 * <p>It is the oracle of the fast path, so it shares no packet code with it: no wire accessor, no
 * checksum, no template. Where it says in a comment what Linux does, it means Linux 6.1 and names
 * the function. What it does not model it says so: {@link
 * io.culvert.testkit.router.NotModelledReason}.
 */
@NullMarked
package io.culvert.testkit.router;

import org.jspecify.annotations.NullMarked;
