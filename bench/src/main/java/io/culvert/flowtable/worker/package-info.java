/** Measuring what is inside the packet path: code that needs to see its stages. */
@NullMarked
package io.culvert.flowtable.worker;

import org.jspecify.annotations.NullMarked;
