/**
 * Naive codecs, one per tunnel protocol, on plain byte arrays: what the reference router's virtual
 * devices speak.
 *
 * <p>A codec shares no code with the provider of its protocol, so that a mistake of one shows
 * against the other. As a provider, it owns only what stands behind the carrier's header; the
 * router does the IP work. Codecs are found by {@link java.util.ServiceLoader}.
 */
@NullMarked
package io.culvert.testkit.codec;

import org.jspecify.annotations.NullMarked;
