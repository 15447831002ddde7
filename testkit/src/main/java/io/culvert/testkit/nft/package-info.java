/**
 * Rulesets in the language of {@code nft -f}: a reader, and a forward chain in front of the flow
 * table's slow path.
 *
 * <p>{@link io.culvert.testkit.nft.NftReader} makes a {@link io.culvert.testkit.nft.Ruleset} of a
 * text, {@link io.culvert.testkit.nft.ForwardRules} judges forwarded packets by it.
 */
@NullMarked
package io.culvert.testkit.nft;

import org.jspecify.annotations.NullMarked;
