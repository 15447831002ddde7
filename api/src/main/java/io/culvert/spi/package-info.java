/**
 * The encapsulation SPI: what one tunnel protocol tells the framework about itself.
 *
 * <p>A provider owns its <em>shim</em> only: the header bytes behind a {@link
 * io.culvert.spi.Carrier} (EtherType, IP protocol, UDP port) that the framework parses, writes,
 * checks and counts. Receiving is code ({@link io.culvert.spi.Encap#match}), transmitting is data
 * ({@link io.culvert.spi.Shim}: bytes and patches), composed once per flow.
 */
@NullMarked
package io.culvert.spi;

import org.jspecify.annotations.NullMarked;
