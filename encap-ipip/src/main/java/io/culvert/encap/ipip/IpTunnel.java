package io.culvert.encap.ipip;

import io.culvert.spi.Attribute;
import io.culvert.spi.Carrier;
import io.culvert.spi.EncapError;
import io.culvert.spi.Inheritable;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.OuterAttributes;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.Settings;
import io.culvert.wire.IpFamily;
import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import io.vavr.control.Validation;

/**
 * A kind of IP tunnel that {@code ip link} knows.
 *
 * @param type its words
 * @param outer family of the outer header
 * @param modes what is carried, by the words for a mode; nothing of ours for MPLS
 */
record IpTunnel(LinkType type, IpFamily outer, Map<String, Seq<InnerType>> modes) {
  /** IPv4 as a payload of IP (RFC 2003 §3.1, RFC 2473 §5). */
  static final int IPV4_PROTOCOL = 4;

  /** IPv6 as a payload of IP (RFC 4213 §3.5, RFC 2473 §5). */
  static final int IPV6_PROTOCOL = 41;

  /** The mode of a device that was given none, as {@code ip} sets it for each of these types. */
  private static final String DEFAULT_MODE = "any";

  private static final Seq<InnerType> V4 = List.of(InnerType.IPV4);
  private static final Seq<InnerType> V6 = List.of(InnerType.IPV6);
  private static final Seq<InnerType> BOTH = List.of(InnerType.IPV4, InnerType.IPV6);
  private static final Seq<InnerType> MPLS = List.empty();

  private static final Map<String, Seq<InnerType>> IPIP_MODES =
      HashMap.of(
          "ipip",
          V4,
          "ip4ip4",
          V4,
          "ipv4/ipv4",
          V4,
          "any",
          V4,
          "any/ipv4",
          V4,
          "mplsip",
          MPLS,
          "mpls/ipv4",
          MPLS);

  private static final Map<String, Seq<InnerType>> SIT_MODES =
      HashMap.of(
          "ip6ip",
          V6,
          "ipv6/ipv4",
          V6,
          "ipip",
          V4,
          "ip4ip4",
          V4,
          "ipv4/ipv4",
          V4,
          "any",
          BOTH,
          "any/ipv4",
          BOTH,
          "mplsip",
          MPLS,
          "mpls/ipv4",
          MPLS);

  private static final Map<String, Seq<InnerType>> IP6TNL_MODES =
      HashMap.of(
          "ip6ip6",
          V6,
          "ipv6/ipv6",
          V6,
          "ipip6",
          V4,
          "ip4ip6",
          V4,
          "ip/ipv6",
          V4,
          "ipv4/ipv6",
          V4,
          "any",
          BOTH,
          "any/ipv6",
          BOTH);

  /** The words of every kind. */
  private static final Seq<Attribute> COMMON =
      List.of(
          OuterAttributes.ECN,
          new Attribute.DeviceName("dev"),
          new Attribute.Flag("external", "external", true),
          new Attribute.Number("fwmark", 0, 0xffff_ffffL, 10, List.of("inherit")),
          new Attribute.Keyword("encap", List.of("none", "fou", "gue")),
          new Attribute.Flag("noencap", "noencap", true),
          new Attribute.Number("encap-sport", 0, 65535, 10, List.of("auto")),
          new Attribute.Number("encap-dport", 0, 65535, 10, List.empty()),
          new Attribute.Flag("encap-csum", "encap-csum", true),
          new Attribute.Flag("noencap-csum", "encap-csum", false),
          new Attribute.Flag("encap-udp6-csum", "encap-udp6-csum", true),
          new Attribute.Flag("noencap-udp6-csum", "encap-udp6-csum", false),
          new Attribute.Flag("encap-remcsum", "encap-remcsum", true),
          new Attribute.Flag("noencap-remcsum", "encap-remcsum", false));

  private static final Seq<Attribute> OVER_IPV4 =
      List.of(
          OuterAttributes.TTL,
          OuterAttributes.TOS,
          OuterAttributes.PMTUDISC,
          OuterAttributes.NOPMTUDISC);

  private static final Seq<Attribute> OVER_IPV6 =
      List.of(
          OuterAttributes.HOPLIMIT,
          OuterAttributes.TCLASS,
          OuterAttributes.FLOWLABEL,
          OuterAttributes.ENCAPLIMIT,
          new Attribute.Keyword("dscp", List.of("inherit")),
          new Attribute.Flag("allow-localremote", "allow-localremote", true),
          new Attribute.Flag("noallow-localremote", "allow-localremote", false));

  private static final Seq<Attribute> SIT_ONLY =
      List.of(
          new Attribute.Flag("isatap", "isatap", true),
          new Attribute.Prefix("6rd-prefix", IpFamily.V6),
          new Attribute.Prefix("6rd-relay_prefix", IpFamily.V4),
          new Attribute.Flag("6rd-reset", "6rd-reset", true));

  /** IPv4 in IPv4. */
  static final IpTunnel IPIP = over(IpFamily.V4, "ipip", IPIP_MODES, OVER_IPV4);

  /** IPv6 in IPv4, also IPv4 in IPv4. */
  static final IpTunnel SIT = over(IpFamily.V4, "sit", SIT_MODES, OVER_IPV4.appendAll(SIT_ONLY));

  /** IPv6 and IPv4 in IPv6. */
  static final IpTunnel IP6TNL = over(IpFamily.V6, "ip6tnl", IP6TNL_MODES, OVER_IPV6);

  /** All of them. */
  static final Seq<IpTunnel> ALL = List.of(IPIP, SIT, IP6TNL);

  private static IpTunnel over(
      IpFamily outer, String name, Map<String, Seq<InnerType>> modes, Seq<Attribute> attributes) {
    Seq<Attribute> ends =
        List.of(
            new Attribute.Address("local", Option.some(outer)),
            new Attribute.Address("remote", Option.some(outer)),
            new Attribute.Keyword("mode", modes.keySet().toList().sorted()));
    LinkType type =
        new LinkType(name, LinkType.Layer.L3, ends.appendAll(attributes).appendAll(COMMON));
    return new IpTunnel(OuterAttributes.withOtherWords(type), outer, modes);
  }

  /** The kind that some settings are of. */
  static Option<IpTunnel> of(Settings settings) {
    return ALL.find(tunnel -> tunnel.type.name().equals(settings.linkType()));
  }

  /** The mode's word. */
  static String mode(Settings settings) {
    return settings.word("mode").getOrElse(DEFAULT_MODE);
  }

  /** What a device carries; nothing if its mode is none, or not ours. */
  Seq<InnerType> carried(Settings settings) {
    return modes.get(mode(settings)).getOrElse(List.empty());
  }

  /** What announces an inner packet. */
  Carrier carrier(InnerType inner) {
    return Carrier.ipProtocol(outer, inner.equals(InnerType.IPV6) ? IPV6_PROTOCOL : IPV4_PROTOCOL);
  }

  /** How the outer header of an inner packet is filled, or all that is wrong with the settings. */
  Validation<Seq<EncapError>, OuterPolicy> policy(Settings settings, InnerType inner) {
    if (outer == IpFamily.V6) {
      return OuterAttributes.policy6(settings);
    }
    Validation<Seq<EncapError>, OuterPolicy> policy = OuterAttributes.policy(settings);
    long tos = settings.number("tos").getOrElse(0L);
    // Linux's ipip6_tunnel_xmit: of the odd values only 1 is "inherit", which for IPv4 all are.
    boolean isFixed = equals(SIT) && inner.equals(InnerType.IPV6) && tos != 1 && (tos & 1) != 0;
    return isFixed ? policy.map(some -> some.withTos(Inheritable.fixed((int) tos))) : policy;
  }
}
