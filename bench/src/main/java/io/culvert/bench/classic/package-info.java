/**
 * The classic forwarding path that the flow table is measured against: every packet walks device by
 * device through header checks, route lookup, rules, tunnel device, second route lookup and
 * neighbour table. Written to be fair: the same native memory, the same frames, no allocation.
 */
@NullMarked
package io.culvert.bench.classic;

import org.jspecify.annotations.NullMarked;
