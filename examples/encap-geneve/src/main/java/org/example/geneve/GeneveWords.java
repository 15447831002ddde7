package org.example.geneve;

import io.culvert.spi.Attribute;
import io.culvert.spi.LinkType;
import io.culvert.spi.OuterAttributes;
import io.vavr.collection.List;
import io.vavr.control.Option;

/** The words behind {@code ip link add … type geneve}, and one of ours: {@code ecn}. */
final class GeneveWords {
  static final int MOST_VNI = 0xff_ffff;

  static final LinkType GENEVE =
      new LinkType("geneve", LinkType.Layer.L2, tunnel().appendAll(outer()).appendAll(switches()))
          .withAliases("id", "vni")
          .withAliases("ttl", "hoplimit")
          .withAliases("tos", "dsfield")
          .withAliases("flowlabel", "label");

  private GeneveWords() {}

  private static List<Attribute> tunnel() {
    return List.of(
        new Attribute.Number("id", 0, MOST_VNI, 10, List.empty()),
        new Attribute.Address("remote", Option.none()),
        new Attribute.Number("dstport", 0, 0xffff, 10, List.empty()));
  }

  private static List<Attribute> outer() {
    return List.of(
        new Attribute.Number("ttl", 0, 255, 10, List.of("inherit", "auto")),
        OuterAttributes.TOS,
        new Attribute.Keyword("df", List.of("unset", "set", "inherit")),
        new Attribute.Number("flowlabel", 0, 0xfffff, 10, List.of("inherit")),
        OuterAttributes.ECN);
  }

  private static List<Attribute> switches() {
    return List.of("udpcsum", "udp6zerocsumtx", "udp6zerocsumrx", "external", "innerprotoinherit")
        .flatMap(word ->
            List.of(
                new Attribute.Flag(word, word, true),
                new Attribute.Flag("no" + word, word, false)));
  }
}
