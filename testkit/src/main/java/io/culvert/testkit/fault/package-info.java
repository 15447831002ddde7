/**
 * Breaks a provider in one place, to see whether the laws notice: {@link
 * io.culvert.testkit.fault.ByteCode} changes its own class files, {@link
 * io.culvert.testkit.fault.Wrapped} what it answers. {@link
 * io.culvert.testkit.contract.FaultContract} runs the laws on what comes out.
 */
@NullMarked
package io.culvert.testkit.fault;

import org.jspecify.annotations.NullMarked;
