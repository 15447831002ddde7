package io.culvert.spi;

import io.culvert.spi.OuterPolicy.DontFragment;
import io.culvert.spi.OuterPolicy.EcnMode;
import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.TreeMap;
import io.vavr.control.Validation;

/**
 * The attributes of an outer IPv4 header that every IP tunnel of {@code ip link} shares, so that no
 * provider reads them by itself.
 */
public final class OuterAttributes {
  /** {@code ttl N}; 0 and {@code inherit} take the inner TTL, which is the default as in Linux. */
  public static final Attribute TTL = new Attribute.Number("ttl", 0, 255, 10, List.of("inherit"));

  /** {@code tos N}, hexadecimal; 1 and {@code inherit} take the inner TOS; default 0. */
  public static final Attribute TOS = new Attribute.Number("tos", 0, 255, 16, List.of("inherit"));

  /** {@code pmtudisc}: DF is set; the default. */
  public static final Attribute PMTUDISC = new Attribute.Flag("pmtudisc", "pmtudisc", true);

  /** {@code nopmtudisc}: DF is the inner header's. */
  public static final Attribute NOPMTUDISC = new Attribute.Flag("nopmtudisc", "pmtudisc", false);

  /** {@code ecn MODE}: how the outer ECN field is made; ours, {@code ip} has no such word. */
  public static final Attribute ECN =
      new Attribute.Keyword("ecn", List.of("rfc6040", "rfc3168", "compatibility"));

  /**
   * {@code hoplimit N} of a tunnel over IPv6; 0 and {@code inherit} take the inner one; default 64.
   */
  public static final Attribute HOPLIMIT =
      new Attribute.Number("hoplimit", 0, 255, 10, List.of("inherit"));

  /** {@code tclass N}, hexadecimal, of a tunnel over IPv6, or {@code inherit}; default 0. */
  public static final Attribute TCLASS =
      new Attribute.Number("tclass", 0, 255, 16, List.of("inherit"));

  /** {@code flowlabel N}, hexadecimal, of a tunnel over IPv6, or {@code inherit}; default 0. */
  public static final Attribute FLOWLABEL =
      new Attribute.Number("flowlabel", 0, 0xfffff, 16, List.of("inherit"));

  /**
   * {@code encaplimit none|0..255} of a tunnel over IPv6: all but {@code none}, and so Linux's
   * default of 4, adds a Destination Options header (RFC 2473 §4.1.1), which the fast path does
   * not.
   */
  public static final Attribute ENCAPLIMIT =
      new Attribute.Number("encaplimit", 0, 255, 10, List.of("none"));

  /** The other words of {@code ip} for an IP tunnel's outer header, by the word in use here. */
  private static final Map<String, List<String>> OTHER_WORDS =
      TreeMap.of(
          "ttl", List.of("hoplimit", "hlim"),
          "tos", List.of("tclass", "tc", "dsfield"),
          "hoplimit", List.of("ttl", "hlim"),
          "tclass", List.of("tos", "tc", "dsfield"),
          "flowlabel", List.of("fl"));

  private OuterAttributes() {}

  /**
   * An IP tunnel's link type with the other words that {@code ip} takes for those of these
   * attributes that it has: {@code hoplimit} and {@code hlim} for {@code ttl} and the like.
   */
  public static LinkType withOtherWords(LinkType type) {
    return OTHER_WORDS.foldLeft(
        type,
        (named, words) ->
            named.attribute(words._1).exists(a -> a.word().equals(words._1))
                ? named.withAliases(words._1, words._2.toJavaArray(String[]::new))
                : named);
  }

  /** The policy that the settings ask for, or all that is wrong with them. */
  public static Validation<Seq<EncapError>, OuterPolicy> policy(Settings settings) {
    long ttl = settings.number("ttl").getOrElse(0L);
    long tos = settings.number("tos").getOrElse(0L);
    boolean pmtudisc = settings.flag("pmtudisc", true);
    List<EncapError> errors = List.empty();
    if (ttl < 0 || ttl > 255) {
      errors = errors.append(new EncapError.OutOfRange("ttl", ttl, 0, 255));
    }
    if (tos < 0 || tos > 255) {
      errors = errors.append(new EncapError.OutOfRange("tos", tos, 0, 255));
    }
    if (ttl != 0 && !pmtudisc) {
      // As ip(8): with a fixed TTL and without DF a routing loop would multiply fragments.
      errors =
          errors.append(
              new EncapError.Conflict("ttl " + ttl, "nopmtudisc", "a fixed TTL needs pmtudisc"));
    }
    if (errors.nonEmpty()) {
      return Validation.invalid(errors);
    }
    // Bit 0 of the TOS is ip(8)'s own mark for "inherit".
    boolean inheritTos = settings.word("tos").contains("inherit") || (tos & 1) != 0;
    return Validation.valid(
        new OuterPolicy(
            ttl == 0 ? Inheritable.INHERIT : Inheritable.fixed((int) ttl),
            inheritTos ? Inheritable.INHERIT : Inheritable.fixed((int) tos),
            pmtudisc ? DontFragment.SET : DontFragment.INHERIT,
            Inheritable.fixed(0),
            ecn(settings)));
  }

  /**
   * The policy of a tunnel over IPv6, from {@link #HOPLIMIT}, {@link #TCLASS}, {@link #FLOWLABEL}
   * and {@link #ECN}.
   */
  public static Validation<Seq<EncapError>, OuterPolicy> policy6(Settings settings) {
    List<EncapError> errors = List.empty();
    for (Tuple2<String, Long> field :
        List.of(
            Tuple.of("hoplimit", 255L),
            Tuple.of("tclass", 255L),
            Tuple.of("flowlabel", 0xfffffL))) {
      long value = settings.number(field._1).getOrElse(0L);
      if (value < 0 || value > field._2) {
        errors = errors.append(new EncapError.OutOfRange(field._1, value, 0, field._2));
      }
    }
    if (errors.nonEmpty()) {
      return Validation.invalid(errors);
    }
    Inheritable hopLimit = inheritable(settings, "hoplimit", 64);
    return Validation.valid(
        new OuterPolicy(
            // ip6_tnl_xmit: a hop limit of 0 is the inner one too.
            hopLimit.value() == 0 ? Inheritable.INHERIT : hopLimit,
            inheritable(settings, "tclass", 0),
            DontFragment.SET,
            inheritable(settings, "flowlabel", 0),
            ecn(settings)));
  }

  private static Inheritable inheritable(Settings settings, String field, int whenUnset) {
    return settings.word(field).contains("inherit")
        ? Inheritable.INHERIT
        : Inheritable.fixed(settings.number(field).getOrElse((long) whenUnset).intValue());
  }

  private static EcnMode ecn(Settings settings) {
    return switch (settings.word("ecn").getOrElse("rfc6040")) {
      case "rfc3168" -> EcnMode.RFC3168;
      case "compatibility" -> EcnMode.COMPATIBILITY;
      default -> EcnMode.RFC6040;
    };
  }
}
