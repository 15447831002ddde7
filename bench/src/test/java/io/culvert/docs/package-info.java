/** The snippets of the documentation, compiled and run. */
@NullMarked
package io.culvert.docs;

import org.jspecify.annotations.NullMarked;
