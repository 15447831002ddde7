/** A router with a flow table in front of it: the whole dataplane, for replays and for laws. */
@NullMarked
package io.culvert.testkit.replay;

import org.jspecify.annotations.NullMarked;
