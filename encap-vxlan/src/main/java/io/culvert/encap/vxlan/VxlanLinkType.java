package io.culvert.encap.vxlan;

import io.culvert.spi.Attribute;
import io.culvert.spi.LinkType;
import io.culvert.spi.OuterAttributes;
import io.vavr.collection.List;
import io.vavr.control.Option;

/**
 * The words behind {@code ip link add … type vxlan}, and one of ours: {@code reserved}. {@code
 * reserved_bits}, which does the same bit by bit, came to {@code ip} and Linux with 6.14.
 */
final class VxlanLinkType {
  /** The link type. */
  static final LinkType VXLAN =
      new LinkType(
              "vxlan",
              LinkType.Layer.L2,
              segment().appendAll(outer()).appendAll(udp()).appendAll(slowPath()))
          .withAliases("id", "vni")
          .withAliases("ttl", "hoplimit")
          .withAliases("tos", "dsfield")
          .withAliases("flowlabel", "label")
          .withAliases("srcport", "port");

  private VxlanLinkType() {}

  private static List<Attribute> segment() {
    return List.of(
        new Attribute.Number("id", 0, VxlanHeader.MOST_VNI, 10, List.empty()),
        new Attribute.Address("local", Option.none()),
        new Attribute.Address("remote", Option.none()),
        new Attribute.Address("group", Option.none()),
        new Attribute.DeviceName("dev"),
        new Attribute.Keyword("reserved", List.of("strict", "ignore")),
        new Attribute.Bits("reserved_bits"));
  }

  private static List<Attribute> outer() {
    return List.of(
        new Attribute.Number("ttl", 0, 255, 10, List.of("inherit", "auto")),
        OuterAttributes.TOS,
        new Attribute.Keyword("df", List.of("unset", "set", "inherit")),
        // Decimal unless 0x says otherwise, other than in a tunnel's flowlabel.
        new Attribute.Number("flowlabel", 0, 0xfffff, 10, List.of("inherit")),
        OuterAttributes.ECN);
  }

  private static List<Attribute> udp() {
    return List.<Attribute>of(
            new Attribute.Number("dstport", 0, 65535, 10, List.empty()),
            new Attribute.Range("srcport", 0, 65535))
        .appendAll(
            List.of("udpcsum", "udp6zerocsumtx", "udp6zerocsumrx").flatMap(VxlanLinkType::onOff));
  }

  /** What only the slow path does, and what cannot be offloaded. */
  private static List<Attribute> slowPath() {
    return List.<Attribute>of(
            new Attribute.Number("ageing", 0, 0xffff_ffffL, 10, List.of("none")),
            new Attribute.Number("maxaddress", 0, 0xffff_ffffL, 10, List.of("unlimited")),
            new Attribute.Flag("gbp", "gbp", true),
            new Attribute.Flag("gpe", "gpe", true))
        .appendAll(
            List.of(
                    "learning",
                    "external",
                    "proxy",
                    "rsc",
                    "l2miss",
                    "l3miss",
                    "remcsumtx",
                    "remcsumrx")
                .flatMap(VxlanLinkType::onOff));
  }

  private static List<Attribute> onOff(String word) {
    return List.of(
        new Attribute.Flag(word, word, true), new Attribute.Flag("no" + word, word, false));
  }
}
