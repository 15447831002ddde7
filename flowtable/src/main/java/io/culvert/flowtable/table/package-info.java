/**
 * The flow table's memory: entries, their index, tunnel stacks and transmit templates, as plain
 * data outside the object graph. Written by the control path, read by the packet path.
 *
 * <p>Exported to nobody: {@link io.culvert.flowtable.FlowTable} is the way in.
 */
@NullMarked
package io.culvert.flowtable.table;

import org.jspecify.annotations.NullMarked;
