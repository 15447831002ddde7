/**
 * The router that a test or a replay describes, and its language: the commands of {@code ip
 * -batch}.
 *
 * <p>The same text configures a Linux kernel, so what a word means here is what it means there. A
 * {@link io.culvert.testkit.scenario.Scenario} is the result; generators make one with {@link
 * io.culvert.testkit.scenario.ScenarioBuilder}.
 */
@NullMarked
package io.culvert.testkit.scenario;

import org.jspecify.annotations.NullMarked;
