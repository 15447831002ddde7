/**
 * What benchmarks are fed with: a router with tunnels, flows through it, and frames of those flows
 * written anew before every burst. No class here knows what is measured.
 */
@NullMarked
package io.culvert.bench.traffic;

import org.jspecify.annotations.NullMarked;
