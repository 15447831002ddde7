package io.culvert.spi;

import io.culvert.spi.EncapError.Conflict;
import io.culvert.spi.EncapError.Invalid;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.vavr.Tuple;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import io.vavr.control.Validation;

/**
 * The ends of a tunnel over IP, from the settings {@code local} and {@code remote}: the rules that
 * hold for every protocol, so that no provider has them by itself.
 *
 * <p>{@code remote} is needed, and must be another station's unicast address: packets are taken
 * from the configured peer only (CVE-2020-10136, CVE-2024-7595). {@code local} may be missing or
 * unspecified: then the own end is left open, see {@link Addresses}.
 */
public final class TunnelEnds {
  private TunnelEnds() {}

  /**
   * The outer addresses of what a device sends; {@link Addresses#reversed} are those of what it
   * takes.
   *
   * @param family version of the outer header; none if the addresses decide
   * @return the addresses, or all that is wrong with them: {@link Unsupported} for what a tunnel
   *     may have and a flow table cannot (no remote end, a group, a link-local address), {@link
   *     Invalid} for what is no station's address, {@link Conflict} for two families
   */
  public static Validation<Seq<EncapError>, Addresses> of(
      Settings settings, Option<IpFamily> family) {
    Validation<EncapError, Option<IpAddress>> local = end(settings, "local", family);
    Validation<EncapError, IpAddress> remote =
        end(settings, "remote", family)
            .flatMap(address ->
                address.toValidation(() ->
                    new Unsupported(
                        settings.linkType() + " without remote",
                        "a packet could go to anyone, and come from anyone")));
    return Validation.combine(local, remote)
        .ap(Tuple::of)
        .flatMap(ends -> {
          IpAddress own = ends._1.getOrElse(() -> unspecified(ends._2.family()));
          return own.family() == ends._2.family()
              ? Validation.valid(new Addresses(own, ends._2))
              : Validation.invalid(
                  List.of(
                      new Conflict(
                          "local " + own, "remote " + ends._2, "one IP version for both")));
        });
  }

  /** The version of the outer header, as the addresses say; none without an address. */
  public static Option<IpFamily> family(Settings settings) {
    return settings.address("remote").orElse(settings.address("local")).map(IpAddress::family);
  }

  private static IpAddress unspecified(IpFamily family) {
    return family == IpFamily.V4 ? new Ipv4Address(0) : new Ipv6Address(0, 0);
  }

  /** An end's address; none if it is open. */
  private static Validation<EncapError, Option<IpAddress>> end(
      Settings settings, String field, Option<IpFamily> family) {
    Option<Value> value = settings.values().get(field);
    Option<IpAddress> address = settings.address(field);
    if (value.isEmpty() || address.exists(a -> a.isUnspecified() && isRight(a, family))) {
      return Validation.valid(Option.none());
    }
    if (address.exists(a -> a.isMulticast() && field.equals("remote"))) {
      return Validation.invalid(
          new Unsupported(
              field + " " + address.get(), "packets would go to many, and come from anyone"));
    }
    boolean isLinkLocal = address.exists(a -> a instanceof Ipv6Address six && six.isLinkLocal());
    if (isLinkLocal && address.exists(a -> isRight(a, family))) {
      return Validation.invalid(
          new Unsupported(
              field + " " + address.get(), "a link-local address is another station on each link"));
    }
    return address.exists(a -> isRight(a, family) && isUnicast(a))
        ? Validation.valid(address)
        : Validation.invalid(
            new Invalid(
                field,
                value.get().toString(),
                "a unicast "
                    + family.map(f -> f == IpFamily.V4 ? "IPv4 " : "IPv6 ").getOrElse("")
                    + "address"));
  }

  private static boolean isRight(IpAddress address, Option<IpFamily> family) {
    return family.forAll(wanted -> wanted == address.family());
  }

  private static boolean isUnicast(IpAddress address) {
    boolean isBroadcast = address instanceof Ipv4Address(int bits) && bits == -1;
    return !isBroadcast
        && !address.isUnspecified()
        && !address.isMulticast()
        && !address.isLoopback();
  }
}
