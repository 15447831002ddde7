/**
 * Packet captures: a strict reader for classic pcap, pcapng and gzip of either, and a writer.
 *
 * <p>The reader streams, and refuses what it cannot read whole: a capture that ends in the middle
 * of a record is a mistake to report, not a shorter capture.
 */
@NullMarked
package io.culvert.testkit.pcap;

import org.jspecify.annotations.NullMarked;
