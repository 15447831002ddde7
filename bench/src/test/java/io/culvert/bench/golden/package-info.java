@NullMarked
package io.culvert.bench.golden;

import org.jspecify.annotations.NullMarked;
