package io.culvert.testkit.codec;

import io.culvert.spi.Settings;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * What {@code ip link} can say that no naive codec does: a provider that takes a device like that
 * for one of its own finds a router that does not speak for it.
 */
final class PlainScope {
  /** Switches: ends with each packet, other headers, checksums left to the other end. */
  private static final Seq<String> SWITCHES =
      List.of("external", "isatap", "gbp", "gpe", "remcsumtx", "remcsumrx");

  /** Words whose being there is enough: ends that follow from addresses, groups, copied DSCP. */
  private static final Seq<String> WORDS = List.of("6rd-prefix", "6rd-relay_prefix", "dscp");

  private PlainScope() {}

  /** What is beyond it in these settings. */
  static Option<String> beyond(Settings settings) {
    return SWITCHES
        .filter(word -> settings.flag(word, false))
        .appendAll(WORDS.filter(word -> settings.word(word).isDefined()))
        .appendAll(Option.when(hasHeader(settings), "encaplimit"))
        .appendAll(Option.when(!settings.word("encap").getOrElse("none").equals("none"), "encap"))
        .headOption();
  }

  /** RFC 2473 §4.1.1: over IPv6 a limit is sent in a header of its own, unless it is none. */
  private static boolean hasHeader(Settings settings) {
    return settings.linkType().startsWith("ip6") && !settings.word("encaplimit").contains("none");
  }
}
