package io.culvert.testkit.gen;

import io.culvert.spi.Attribute;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.spi.Value;
import io.culvert.testkit.law.PeerSettings;
import io.culvert.wire.IpFamily;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.culvert.wire.MacAddress;
import io.vavr.Tuple2;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.TreeMap;
import io.vavr.control.Option;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generates the settings of a provider's devices from what its link types say. */
public final class SettingsArbitraries {
  private static final int MOST_CHANGES = 3;

  private SettingsArbitraries() {}

  /** Changes to fields: other values, or none. */
  private record Change(Map<String, Option<Value>> fields) {
    static Change of(String field, Option<Value> value) {
      return new Change(LinkedHashMap.of(field, value));
    }

    Settings in(Settings settings) {
      return fields.foldLeft(
          settings,
          (changed, field) ->
              field._2.isDefined()
                  ? changed.with(field._1, field._2.get())
                  : changed.without(field._1));
    }
  }

  /**
   * Samples with up to three fields changed to values that their attributes allow, or the fields of
   * the two directions set to different ones. A change that the provider refuses in such settings
   * is left out.
   *
   * @param samples of the provider, at least one
   */
  public static Arbitrary<Sample> near(EncapProvider provider, Seq<Sample> samples) {
    return Once.of(
        changes(provider, samples, false)
            .map(found ->
                new Sample(
                    found._2.foldLeft(
                        found._1.settings(),
                        (settings, change) -> {
                          Settings changed = change.in(settings);
                          return works(provider, changed, found._1.inner()) ? changed : settings;
                        }),
                    found._1.inner())));
  }

  private static boolean works(EncapProvider provider, Settings settings, InnerType inner) {
    return provider
        .tuple(settings, inner, Direction.TRANSMIT)
        .fold(_ -> false, tuple -> provider.shim(tuple, inner).isRight());
  }

  /**
   * Samples with up to three fields changed, also to values that their attributes forbid, or taken
   * away.
   *
   * @param samples of the provider, at least one
   */
  public static Arbitrary<Sample> any(EncapProvider provider, Seq<Sample> samples) {
    return changes(provider, samples, true)
        .map(found ->
            new Sample(
                found._2.foldLeft(found._1.settings(), (settings, change) -> change.in(settings)),
                found._1.inner()));
  }

  private static Arbitrary<Tuple2<Sample, List<Change>>> changes(
      EncapProvider provider, Seq<Sample> samples, boolean alsoWrong) {
    Map<String, Arbitrary<List<Change>>> changes =
        List.ofAll(provider.linkTypes()).toMap(LinkType::name, type -> changes(type, alsoWrong));
    Arbitrary<List<Change>> none = Arbitraries.just(List.empty());
    return Arbitraries.oneOf(
        samples
            .map(sample ->
                Once.of(
                    changes
                        .get(sample.settings().linkType())
                        .getOrElse(none)
                        .map(some -> new Tuple2<>(sample, some))))
            .asJava());
  }

  private static Arbitrary<List<Change>> changes(LinkType type, boolean alsoWrong) {
    Seq<Attribute> attributes = type.attributes();
    Seq<Arbitrary<Change>> apart =
        PeerSettings.pairs(type).flatMap(pair -> apart(type, pair)).map(Once::of);
    if (attributes.isEmpty()) {
      return Arbitraries.just(List.empty());
    }
    Arbitrary<Change> single =
        Once.of(
            Arbitraries.oneOf(
                attributes.map(attribute -> Once.of(change(attribute, alsoWrong))).asJava()));
    Arbitrary<Change> changes =
        apart.isEmpty()
            ? single
            : Arbitraries.frequencyOf(
                Tuple.of(3, single), Tuple.of(1, Once.of(Arbitraries.oneOf(apart.asJava()))));
    return Once.of(changes.list().ofMaxSize(MOST_CHANGES).map(List::ofAll));
  }

  /** The two directions apart: other numbers, or one with what the other one does not have. */
  private static Option<Arbitrary<Change>> apart(LinkType type, PeerSettings.Pair pair) {
    Seq<Attribute> in = type.attributes().filter(a -> a.field().equals(pair.in()));
    if (in.exists(Attribute.Flag.class::isInstance) && !in.exists(Attribute::takesValue)) {
      return Option.some(
          Arbitraries.of(true, false)
              .map(on -> both(pair, new Value.Flag(on), new Value.Flag(!on))));
    }
    return in.filter(Attribute.Number.class::isInstance)
        .map(Attribute.Number.class::cast)
        .headOption()
        .map(number ->
            Combinators.combine(numbers(number), numbers(number))
                .as((one, other) -> both(pair, one, other)));
  }

  private static Change both(PeerSettings.Pair pair, Value in, Value out) {
    return new Change(LinkedHashMap.of(pair.in(), Option.some(in), pair.out(), Option.some(out)));
  }

  private static Arbitrary<Change> change(Attribute attribute, boolean alsoWrong) {
    Arbitrary<Change> right =
        values(attribute).map(v -> Change.of(attribute.field(), Option.some(v)));
    if (!alsoWrong) {
      return right;
    }
    Arbitrary<Change> wrong =
        wrong(attribute).map(v -> Change.of(attribute.field(), Option.some(v)));
    return Arbitraries.frequencyOf(
        Tuple.of(3, right),
        Tuple.of(2, wrong),
        Tuple.of(2, Arbitraries.just(Change.of(attribute.field(), Option.none()))));
  }

  /** The values that an attribute allows. */
  public static Arbitrary<Value> values(Attribute attribute) {
    return switch (attribute) {
      case Attribute.Flag flag -> Arbitraries.just(new Value.Flag(flag.on()));
      case Attribute.Number number -> numbers(number);
      case Attribute.Range range ->
          Combinators.combine(
                  Arbitraries.integers().between(range.least(), range.most()),
                  Arbitraries.integers().between(range.least(), range.most()))
              .as((one, other) -> new Value.Range(Math.min(one, other), Math.max(one, other)));
      case Attribute.Mapping mapping -> mappings(mapping);
      case Attribute.Address address -> addresses(address.family());
      case Attribute.Prefix prefix ->
          Arbitraries.integers()
              .between(0, prefix.family().addressBits())
              .map(length ->
                  new Value.Word(
                      (prefix.family() == IpFamily.V4 ? "0.0.0.0/" : "2001:db8::/") + length));
      case Attribute.Bits _ ->
          Arbitraries.longs().map(bits -> new Value.Word("0x" + Long.toHexString(bits)));
      case Attribute.HardwareAddress _ -> macs();
      case Attribute.DeviceName _ -> Arbitraries.of("eth0", "eth1", "tun0").map(Value.Word::new);
      case Attribute.Keyword keyword ->
          Arbitraries.of(keyword.words().asJava()).map(Value.Word::new);
    };
  }

  private static Arbitrary<Value> numbers(Attribute.Number number) {
    Arbitrary<Value> numbers =
        Arbitraries.longs().between(number.least(), number.most()).map(Value.Num::new);
    Arbitrary<Value> edges = Arbitraries.of(number.least(), number.most()).map(Value.Num::new);
    return number.words().isEmpty()
        ? Arbitraries.oneOf(numbers, edges)
        : Arbitraries.oneOf(
            numbers, edges, Arbitraries.of(number.words().asJava()).map(Value.Word::new));
  }

  private static Arbitrary<Value> mappings(Attribute.Mapping mapping) {
    return Arbitraries.maps(
            Arbitraries.integers().between(0, mapping.mostFrom()),
            Arbitraries.integers().between(0, mapping.mostTo()))
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(pairs -> new Value.Mapping(TreeMap.ofAll(pairs)));
  }

  /** Unicast addresses. */
  private static Arbitrary<Value> addresses(Option<IpFamily> family) {
    Arbitrary<Value> v4 =
        Arbitraries.integers()
            .between(0x0100_0001, 0x7eff_fffe)
            .map(bits -> new Value.Ip(new Ipv4Address(bits)));
    Arbitrary<Value> v6 =
        Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
            .as((high, low) ->
                new Value.Ip(new Ipv6Address(0x2001_0db8_0000_0000L | (high & 0xffff_ffffL), low)));
    return family.contains(IpFamily.V4)
        ? v4
        : family.contains(IpFamily.V6) ? v6 : Arbitraries.oneOf(v4, v6);
  }

  private static Arbitrary<Value> macs() {
    return Arbitraries.longs()
        .between(1, 0xff_ffff_ffffL)
        .map(bits -> new Value.Mac(new MacAddress(0x02_00_00_00_00_00L | bits)));
  }

  private static Arbitrary<Value> wrong(Attribute attribute) {
    Arbitrary<Value> others =
        Arbitraries.of(
            new Value.Word("nonsense"),
            new Value.Word(""),
            new Value.Flag(true),
            new Value.Num(-1),
            new Value.Ip(new Ipv4Address(0)),
            new Value.Ip(new Ipv4Address(0xe000_0001)),
            new Value.Mac(new MacAddress(0)));
    return attribute instanceof Attribute.Number number
        ? Arbitraries.oneOf(
            others,
            Arbitraries.of(number.least() - 1, number.most() + 1, Long.MIN_VALUE, Long.MAX_VALUE)
                .map(Value.Num::new))
        : others;
  }
}
