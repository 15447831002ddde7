/** Tests of the contract: a protocol that it passes, and faults that it must find. */
@NullMarked
package io.culvert.testkit.contract;

import org.jspecify.annotations.NullMarked;
