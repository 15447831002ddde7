/**
 * Finding, admitting and isolating providers.
 *
 * <p>Four fences: a provider that cannot be loaded or does not pass the checks at admission is
 * rejected with a reason; a control call that throws becomes a value; a provider that throws per
 * packet loses its slot. The others work on.
 */
@NullMarked
package io.culvert.flowtable.registry;

import org.jspecify.annotations.NullMarked;
