package io.culvert.spi;

import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * A kind of virtual device that a provider serves: a word behind {@code type} in {@code ip link
 * add}, with its attributes.
 *
 * @param name the word, such as {@code ipip}
 * @param layer what the device carries
 * @param attributes words that may follow
 */
public record LinkType(String name, Layer layer, Seq<Attribute> attributes) {

  /** What a device carries. */
  public enum Layer {
    /** Ethernet frames: the device has a MAC address, and neighbours. */
    L2,
    /** IP packets: no address, no neighbours. */
    L3
  }

  /** The attribute behind a word. */
  public Option<Attribute> attribute(String word) {
    return attributes.find(a -> a.word().equals(word));
  }
}
