/**
 * A table's flows in a file: written while the table works, checked as a whole before any of it is
 * used. {@code docs/snapshot.md} has the format.
 */
@NullMarked
package io.culvert.flowtable.snapshot;

import org.jspecify.annotations.NullMarked;
