/**
 * The packet path: bursts of frames in, verdicts out.
 *
 * <p>Nothing in this package allocates, locks, logs or throws per packet, and nothing in it loads a
 * class of the control path's collections library. The way of a packet: {@link
 * io.culvert.flowtable.worker.ParseStage}, {@link io.culvert.flowtable.worker.LookupStage}, {@link
 * io.culvert.flowtable.worker.VerifyStage}, {@link io.culvert.flowtable.worker.CheckStage}, {@link
 * io.culvert.flowtable.worker.RewriteStage}, {@link io.culvert.flowtable.worker.FinishStage}.
 */
@NullMarked
package io.culvert.flowtable.worker;

import org.jspecify.annotations.NullMarked;
