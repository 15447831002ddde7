/**
 * Generators: routers with tunnels over tunnels, flows through them, and frames as a peer would
 * make them, which includes what no good peer would.
 *
 * <p>{@link io.culvert.testkit.gen.TableCases} is what the laws of the whole table are run on. All
 * randomness comes from jqwik, so that a seed repeats a run and a failure shrinks.
 */
@NullMarked
package io.culvert.testkit.gen;

import org.jspecify.annotations.NullMarked;
