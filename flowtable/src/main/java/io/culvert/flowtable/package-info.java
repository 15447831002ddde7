/**
 * The flow table for embedders: offer flows, run bursts, tell it what changed.
 *
 * @see io.culvert.flowtable.FlowTable
 */
@NullMarked
package io.culvert.flowtable;

import org.jspecify.annotations.NullMarked;
