/**
 * The laws as plain functions, without any test library: each takes its inputs and returns the
 * violation that it found, or none.
 *
 * <p>{@link io.culvert.testkit.law.LayerLaws} judges one provider, {@link
 * io.culvert.testkit.law.StackLaws} and {@link io.culvert.testkit.law.PeerLaws} stacks of tunnels
 * driven through the flow table, {@link io.culvert.testkit.law.TableLaws} the whole table against
 * the reference router. The numbers are those of the list of laws.
 */
@NullMarked
package io.culvert.testkit.law;

import org.jspecify.annotations.NullMarked;
