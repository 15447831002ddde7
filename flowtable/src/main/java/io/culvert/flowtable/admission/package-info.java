/**
 * Which new flows are taken at all: asked before a table does any work for an offer. Control path,
 * under the table's lock.
 */
@NullMarked
package io.culvert.flowtable.admission;

import org.jspecify.annotations.NullMarked;
