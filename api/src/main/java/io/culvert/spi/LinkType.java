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

  /**
   * What is wrong with settings that were not read from text: values that no attribute of their
   * field takes. Fields that this type does not have are not looked at.
   */
  public Seq<EncapError> mistakes(Settings settings) {
    return settings
        .values()
        .toList()
        .sortBy(value -> value._1)
        .flatMap(value -> mistake(value._1, value._2));
  }

  private Option<EncapError> mistake(String field, Value value) {
    if (attributes.exists(a -> a.field().equals(field) && a.accepts(value))) {
      return Option.none();
    }
    Seq<Attribute> own = attributes.filter(a -> a.field().equals(field));
    if (own.isEmpty()) {
      return Option.none();
    }
    Option<Attribute.Number> number =
        own.filter(Attribute.Number.class::isInstance)
            .map(Attribute.Number.class::cast)
            .headOption();
    return Option.some(
        value instanceof Value.Num(long n) && number.isDefined()
            ? new EncapError.OutOfRange(field, n, number.get().least(), number.get().most())
            : new EncapError.Invalid(
                field, value.toString(), own.map(Attribute::expected).mkString(" or ")));
  }
}
