/**
 * What others have for the work of {@code culvert slice}, as sides of {@code bench/compare}, and
 * the charts of its figures. A build of its own; nothing here is used by the library.
 */
package io.culvert.bench.peers;
