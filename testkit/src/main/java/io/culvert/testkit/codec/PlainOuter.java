package io.culvert.testkit.codec;

import io.culvert.spi.Inheritable;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.OuterPolicy.DontFragment;
import io.culvert.spi.OuterPolicy.EcnMode;
import io.culvert.spi.Settings;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.control.Option;

/**
 * How the router fills the outer IP header of a device, and the UDP header if there is one. The
 * settings of {@code ip link} are read here by ourselves, not by {@code OuterAttributes}.
 *
 * @param local own end; none takes the address that the route to the other end prefers, and packets
 *     to any address of the router
 * @param remote other end
 * @param device name of the only device for outer packets, if it is bound to one
 * @param policy the fields
 * @param sender whose rules say what becomes of a packet that does not fit
 */
public record PlainOuter(
    Option<IpAddress> local,
    IpAddress remote,
    Option<String> device,
    OuterPolicy policy,
    Sender sender) {

  /** The function of Linux that sends. */
  public enum Sender {
    /** {@code ip_tunnel_xmit}: IPIP, GRE over IPv4. */
    IP_TUNNEL,
    /** {@code ipip6_tunnel_xmit}: IPv6 in IPv4. */
    SIT,
    /** {@code ip6_tnl_xmit}: everything over IPv6 that is not UDP. */
    IP6_TUNNEL,
    /** {@code udp_tunnel_xmit_skb} and {@code udp_tunnel6_xmit_skb}: VXLAN, Geneve. */
    UDP_TUNNEL
  }

  /** What {@code ip link} says to devices over IPv4; none if it does not say where they lead. */
  public static Option<PlainOuter> overIpv4(Settings settings, Sender sender) {
    long ttl = settings.number("ttl").getOrElse(0L);
    // The kernel sets DF with any fixed TTL, whatever else was asked for.
    boolean isSet = settings.flag("pmtudisc", true) || ttl != 0;
    DontFragment whenNotSet =
        settings.flag("ignore-df", false) ? DontFragment.CLEAR : DontFragment.INHERIT;
    return of(
        settings,
        sender,
        new OuterPolicy(
            ttl == 0 ? Inheritable.INHERIT : Inheritable.fixed((int) ttl),
            tos(settings),
            isSet ? DontFragment.SET : whenNotSet,
            Inheritable.fixed(0),
            ecn(settings)));
  }

  /** What {@code ip link} says to devices over IPv6; none if it does not say where they lead. */
  public static Option<PlainOuter> overIpv6(Settings settings) {
    int hopLimit = settings.number("hoplimit").getOrElse(64L).intValue();
    boolean inherits = settings.word("hoplimit").contains("inherit") || hopLimit == 0;
    return of(
        settings,
        Sender.IP6_TUNNEL,
        new OuterPolicy(
            inherits ? Inheritable.INHERIT : Inheritable.fixed(hopLimit),
            field(settings, "tclass"),
            DontFragment.SET,
            field(settings, "flowlabel"),
            ecn(settings)));
  }

  /**
   * What {@code ip link} says to devices over UDP; none if it does not say where they lead.
   *
   * @param leastPort smallest source port
   * @param mostPort largest source port
   * @param checksum true if packets have a UDP checksum over IPv4 unless the settings say otherwise
   */
  public static Option<PlainOuter> overUdp(
      Settings settings, int leastPort, int mostPort, boolean checksum) {
    int ttl = settings.number("ttl").getOrElse(0L).intValue();
    DontFragment df =
        switch (settings.word("df").getOrElse("unset")) {
          case "set" -> DontFragment.SET;
          case "inherit" -> DontFragment.INHERIT_OR_SET;
          default -> DontFragment.CLEAR;
        };
    boolean isV6 = settings.address("remote").exists(r -> r.family() == IpFamily.V6);
    OuterPolicy.Udp udp =
        new OuterPolicy.Udp(
            leastPort,
            mostPort,
            isV6 ? !settings.flag("udp6zerocsumtx", false) : settings.flag("udpcsum", checksum),
            !isV6 || settings.flag("udp6zerocsumrx", false));
    return of(
        settings,
        Sender.UDP_TUNNEL,
        new OuterPolicy(
            settings.word("ttl").contains("inherit")
                ? Inheritable.INHERIT
                // The kernel's own default, net.ipv4.ip_default_ttl.
                : Inheritable.fixed(ttl == 0 ? 64 : ttl),
            settings.number("tos").contains(1L) ? Inheritable.INHERIT : field(settings, "tos"),
            df,
            field(settings, "flowlabel"),
            ecn(settings),
            udp));
  }

  private static Option<PlainOuter> of(Settings settings, Sender sender, OuterPolicy policy) {
    return settings
        .address("remote")
        .map(remote ->
            new PlainOuter(
                settings.address("local").filter(own -> !own.isUnspecified()),
                remote,
                settings.word("dev"),
                policy,
                sender));
  }

  private static Inheritable tos(Settings settings) {
    // Bit 0 is ip(8)'s own mark for "inherit".
    boolean inherits =
        settings.word("tos").contains("inherit")
            || settings.number("tos").exists(t -> (t & 1) == 1);
    return inherits
        ? Inheritable.INHERIT
        : Inheritable.fixed(settings.number("tos").getOrElse(0L).intValue());
  }

  private static Inheritable field(Settings settings, String name) {
    return settings.word(name).contains("inherit")
        ? Inheritable.INHERIT
        : Inheritable.fixed(settings.number(name).getOrElse(0L).intValue());
  }

  private static EcnMode ecn(Settings settings) {
    return switch (settings.word("ecn").getOrElse("rfc6040")) {
      case "rfc3168" -> EcnMode.RFC3168;
      case "compatibility" -> EcnMode.COMPATIBILITY;
      default -> EcnMode.RFC6040;
    };
  }

  /** With another way to fill the ECN field. */
  public PlainOuter withEcn(EcnMode mode) {
    return new PlainOuter(local, remote, device, policy.withEcn(mode), sender);
  }
}
