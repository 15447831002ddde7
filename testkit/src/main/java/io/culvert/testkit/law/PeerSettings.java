package io.culvert.testkit.law;

import io.culvert.spi.Attribute;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.LinkType;
import io.culvert.spi.Settings;
import io.culvert.spi.Value;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;

/** The settings of the device at the other end of a tunnel. */
public final class PeerSettings {
  private static final IpAddress OWN_4 = new Ipv4Address(0xc000_024e);
  private static final IpAddress OWN_6 = new Ipv6Address(0x2001_0db8_0000_004eL, 0x4e);

  private PeerSettings() {}

  /**
   * Two fields that say the same of the two directions.
   *
   * @param in of what comes in
   * @param out of what goes out
   */
  public record Pair(String in, String out) {}

  /**
   * Settings with an own address where they leave that to the route: any will do, and the other end
   * has to know one.
   */
  static Settings told(Settings settings) {
    Option<IpAddress> remote = settings.address("remote");
    boolean isOpen = settings.address("local").forAll(IpAddress::isUnspecified);
    return isOpen && remote.isDefined()
        ? settings.with("local", remote.get().family() == IpFamily.V4 ? OWN_4 : OWN_6)
        : settings;
  }

  /**
   * Settings with the ends exchanged: {@code local} and {@code remote}, and each pair of fields of
   * the link type whose names {@code ip} begins with {@code i} and {@code o}, or ends with {@code
   * rx} and {@code tx}, for what comes in and what goes out ({@code ikey} and {@code okey}, {@code
   * udp6zerocsumrx} and {@code udp6zerocsumtx}). An own end that is open is somebody to the other
   * end all the same.
   */
  public static Settings of(EncapProvider provider, Settings open) {
    Settings settings = told(open);
    Settings peer = exchanged(settings, settings, "local", "remote");
    for (LinkType type : provider.linkTypes()) {
      if (type.name().equals(settings.linkType())) {
        for (Pair pair : pairs(type)) {
          peer = exchanged(peer, settings, pair.in(), pair.out());
        }
      }
    }
    return peer;
  }

  /** The fields of a link type that say the same of each direction. */
  public static Seq<Pair> pairs(LinkType type) {
    Set<String> fields = type.attributes().map(Attribute::field).toLinkedSet();
    return fields
        .toList()
        .flatMap(in -> List.of(sent(in)).filter(fields::contains).map(out -> new Pair(in, out)));
  }

  /** What the field for what goes out would be called. */
  private static String sent(String in) {
    return in.startsWith("i")
        ? "o" + in.substring(1)
        : in.endsWith("rx") ? in.substring(0, in.length() - 2) + "tx" : "";
  }

  private static Settings exchanged(Settings peer, Settings ours, String one, String other) {
    return with(with(peer, one, ours.values().get(other)), other, ours.values().get(one));
  }

  private static Settings with(Settings settings, String field, Option<Value> value) {
    return value.isDefined() ? settings.with(field, value.get()) : settings.without(field);
  }
}
