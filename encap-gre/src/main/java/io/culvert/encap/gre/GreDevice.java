package io.culvert.encap.gre;

import io.culvert.spi.Attribute;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.OuterAttributes;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * A kind of GRE device that {@code ip link add} makes.
 *
 * @param family version of the outer IP header
 * @param carried what the device carries
 * @param linkType the word behind {@code type}, and those that may follow
 */
record GreDevice(IpFamily family, Seq<InnerType> carried, LinkType linkType) {
  private static final long MOST_KEY = 0xffff_ffffL;

  /** All of them: IP packets, and Ethernet frames, over IPv4 and over IPv6. */
  static final Seq<GreDevice> ALL =
      List.of(
          routed("gre", IpFamily.V4),
          bridged("gretap", IpFamily.V4),
          routed("ip6gre", IpFamily.V6),
          bridged("ip6gretap", IpFamily.V6));

  /** The device of a link type. */
  static Option<GreDevice> of(String linkType) {
    return ALL.find(device -> device.linkType.name().equals(linkType));
  }

  private static GreDevice routed(String name, IpFamily family) {
    return new GreDevice(
        family, List.of(InnerType.IPV4, InnerType.IPV6), linkType(name, LinkType.Layer.L3, family));
  }

  private static GreDevice bridged(String name, IpFamily family) {
    return new GreDevice(
        family, List.of(InnerType.ETHERNET), linkType(name, LinkType.Layer.L2, family));
  }

  private static LinkType linkType(String name, LinkType.Layer layer, IpFamily family) {
    return OuterAttributes.withOtherWords(new LinkType(name, layer, attributes(family)));
  }

  private static Seq<Attribute> attributes(IpFamily family) {
    return ends(family)
        .appendAll(keys())
        .appendAll(switches())
        .appendAll(family == IpFamily.V4 ? outer() : outer6())
        .appendAll(otherEncapsulations());
  }

  private static List<Attribute> ends(IpFamily family) {
    return List.of(
        new Attribute.Address("local", Option.some(family)),
        new Attribute.Address("remote", Option.some(family)),
        new Attribute.DeviceName("dev"));
  }

  /** A key for both directions, or one for each; {@code no…} takes it away. */
  private static List<Attribute> keys() {
    return List.of("key", "ikey", "okey")
        .flatMap(word ->
            List.<Attribute>of(
                new Attribute.Number(word, 0, MOST_KEY, 10, List.empty()),
                new Attribute.Flag("no" + word, word, false)));
  }

  private static List<Attribute> switches() {
    return List.of("csum", "icsum", "ocsum", "seq", "iseq", "oseq", "external")
        .flatMap(GreDevice::onOff);
  }

  private static List<Attribute> outer() {
    return List.of(
            OuterAttributes.TTL,
            OuterAttributes.TOS,
            OuterAttributes.PMTUDISC,
            OuterAttributes.NOPMTUDISC,
            OuterAttributes.ECN)
        .appendAll(onOff("ignore-df"));
  }

  private static List<Attribute> outer6() {
    return List.of(
        OuterAttributes.HOPLIMIT,
        OuterAttributes.TCLASS,
        OuterAttributes.FLOWLABEL,
        OuterAttributes.ENCAPLIMIT,
        OuterAttributes.ECN);
  }

  private static List<Attribute> otherEncapsulations() {
    return List.<Attribute>of(
            new Attribute.Keyword("encap", List.of("none", "fou", "gue")),
            new Attribute.Number("encap-sport", 0, 65535, 10, List.of("auto")),
            new Attribute.Number("encap-dport", 0, 65535, 10, List.empty()))
        .appendAll(List.of("encap-csum", "encap-csum6", "encap-remcsum").flatMap(GreDevice::onOff));
  }

  private static List<Attribute> onOff(String word) {
    return List.of(
        new Attribute.Flag(word, word, true), new Attribute.Flag("no" + word, word, false));
  }
}
