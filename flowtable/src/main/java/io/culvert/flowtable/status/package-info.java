/**
 * What is known of the flows of a table: values, and two ways to print them. Control path; text is
 * made only when it is asked for.
 */
@NullMarked
package io.culvert.flowtable.status;

import org.jspecify.annotations.NullMarked;
