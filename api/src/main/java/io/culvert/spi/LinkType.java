package io.culvert.spi;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.TreeMap;
import io.vavr.control.Option;

/**
 * A kind of virtual device that a provider serves: a word behind {@code type} in {@code ip link
 * add}, with its attributes.
 *
 * @param name the word, such as {@code ipip}
 * @param layer what the device carries
 * @param attributes words that may follow
 * @param aliases other words for some of them, each with the attribute's own word: {@code vni} for
 *     {@code id}. Whichever is written, the attribute's field is set
 */
public record LinkType(
    String name, Layer layer, Seq<Attribute> attributes, Map<String, String> aliases) {

  /** What a device carries. */
  public enum Layer {
    /** Ethernet frames: the device has a MAC address, and neighbours. */
    L2,
    /** IP packets: no address, no neighbours. */
    L3
  }

  /** Checks that an alias stands for a word, and is none. */
  public LinkType {
    Seq<Attribute> all = attributes;
    aliases.forEach((alias, word) -> {
      if (!isWord(all, word) || isWord(all, alias)) {
        throw new IllegalArgumentException(
            "link type " + name + ": alias=" + alias + " word=" + word);
      }
    });
  }

  private static boolean isWord(Seq<Attribute> attributes, String word) {
    return attributes.exists(a -> a.word().equals(word));
  }

  /** A type without aliases. */
  public LinkType(String name, Layer layer, Seq<Attribute> attributes) {
    this(name, layer, attributes, TreeMap.empty());
  }

  /** With other words for the attribute behind one. */
  public LinkType withAliases(String word, String... others) {
    Map<String, String> more = aliases;
    for (String alias : others) {
      more = more.put(alias, word);
    }
    return new LinkType(name, layer, attributes, more);
  }

  /** The attribute behind a word, or behind an alias. */
  public Option<Attribute> attribute(String word) {
    String own = aliases.getOrElse(word, word);
    return attributes.find(a -> a.word().equals(own));
  }

  /** All words and aliases, in this order. */
  public Seq<String> words() {
    return attributes.map(Attribute::word).appendAll(aliases.keySet());
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
