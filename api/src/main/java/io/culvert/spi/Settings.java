package io.culvert.spi;

import io.culvert.wire.IpAddress;
import io.culvert.wire.MacAddress;
import io.vavr.collection.Map;
import io.vavr.collection.TreeMap;
import io.vavr.control.Option;

/**
 * The settings of one virtual device, by field name. Immutable; a setting that is not there has the
 * default that the provider's {@link LinkType} documents.
 *
 * @param linkType name of the link type that gives the fields their meaning
 * @param values the fields that were set
 */
public record Settings(String linkType, Map<String, Value> values) {

  /** No field set. */
  public static Settings of(String linkType) {
    return new Settings(linkType, TreeMap.empty());
  }

  /** With a field set. */
  public Settings with(String field, Value value) {
    return new Settings(linkType, values.put(field, value));
  }

  /** With a number. */
  public Settings with(String field, long number) {
    return with(field, new Value.Num(number));
  }

  /** With a word. */
  public Settings with(String field, String word) {
    return with(field, new Value.Word(word));
  }

  /** With a switch. */
  public Settings with(String field, boolean on) {
    return with(field, new Value.Flag(on));
  }

  /** With an IP address. */
  public Settings with(String field, IpAddress address) {
    return with(field, new Value.Ip(address));
  }

  /** With a MAC address. */
  public Settings with(String field, MacAddress address) {
    return with(field, new Value.Mac(address));
  }

  /** Without a field. */
  public Settings without(String field) {
    return new Settings(linkType, values.remove(field));
  }

  /** The number in a field; none if it is not set or not a number. */
  public Option<Long> number(String field) {
    return values
        .get(field)
        .flatMap(v -> v instanceof Value.Num(long n) ? Option.some(n) : Option.none());
  }

  /** The word in a field; none if it is not set or not a word. */
  public Option<String> word(String field) {
    return values
        .get(field)
        .flatMap(v -> v instanceof Value.Word(String w) ? Option.some(w) : Option.none());
  }

  /** The switch in a field, or {@code whenUnset}. */
  public boolean flag(String field, boolean whenUnset) {
    return values
        .get(field)
        .map(v -> v instanceof Value.Flag(boolean on) ? on : whenUnset)
        .getOrElse(whenUnset);
  }

  /** The two numbers in a field; none if it is not set or something else. */
  public Option<Value.Range> range(String field) {
    return values
        .get(field)
        .flatMap(v -> v instanceof Value.Range r ? Option.some(r) : Option.none());
  }

  /** The numbers by numbers in a field; empty if it is not set or something else. */
  public Map<Integer, Integer> mapping(String field) {
    return values
        .get(field)
        .flatMap(v ->
            v instanceof Value.Mapping(Map<Integer, Integer> m) ? Option.some(m) : Option.none())
        .getOrElse(TreeMap.empty());
  }

  /** The IP address in a field; none if it is not set or not an address. */
  public Option<IpAddress> address(String field) {
    return values
        .get(field)
        .flatMap(v -> v instanceof Value.Ip(IpAddress a) ? Option.some(a) : Option.none());
  }

  /** The MAC address in a field; none if it is not set or not one. */
  public Option<MacAddress> mac(String field) {
    return values
        .get(field)
        .flatMap(v -> v instanceof Value.Mac(MacAddress a) ? Option.some(a) : Option.none());
  }
}
