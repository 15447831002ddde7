/**
 * The laws bound to jqwik and JUnit 5: {@link io.culvert.testkit.contract.EncapContract} is what a
 * protocol module's test extends.
 */
@NullMarked
package io.culvert.testkit.contract;

import org.jspecify.annotations.NullMarked;
