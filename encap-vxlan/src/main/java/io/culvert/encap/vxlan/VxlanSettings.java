package io.culvert.encap.vxlan;

import io.culvert.spi.Carrier;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Conflict;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.spi.InnerType;
import io.culvert.spi.Settings;
import io.culvert.spi.Value;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import io.vavr.control.Validation;

/**
 * What the settings of a VXLAN device come to.
 *
 * @param settings as they were given
 */
record VxlanSettings(Settings settings) {
  /** What Linux takes if nothing is said, or 0; IANA's number is 4789. */
  private static final int DEFAULT_PORT = 8472;

  /** Switches that cannot be offloaded, and why. */
  private static final Seq<Tuple2<String, String>> REFUSED =
      List.of(
          Tuple.of("external", "the tunnel's ends come with each packet"),
          Tuple.of("gbp", "each header would carry a group policy of its packet"),
          Tuple.of("gpe", "the header would tell its payload, and not only Ethernet"),
          Tuple.of("remcsumtx", "inner checksums would be left to the peer"),
          Tuple.of("remcsumrx", "inner checksums would be left to us"),
          Tuple.of("proxy", "the device would answer for its neighbours"),
          Tuple.of("rsc", "the device would route by itself, past the inner header"),
          Tuple.of("l2miss", "a program would be asked for unknown stations"),
          Tuple.of("l3miss", "a program would be asked for unknown neighbours"));

  /** What is wrong, or out of scope, apart from ends and policy. */
  Seq<EncapError> mistakes(InnerType inner) {
    // The ends are judged more strictly than by their kind.
    return VxlanLinkType.VXLAN
        .mistakes(settings.without("local").without("remote"))
        .appendAll(linkType())
        .appendAll(vniMistake())
        .appendAll(outOfScope(inner));
  }

  private Option<EncapError> linkType() {
    return settings.linkType().equals("vxlan")
        ? Option.none()
        : Option.some(new EncapError.Invalid("type", settings.linkType(), "vxlan"));
  }

  private Option<EncapError> vniMistake() {
    Option<Value> id = settings.values().get("id");
    Option<Value> other = settings.values().get("vni");
    if (id.isEmpty() && other.isEmpty()) {
      return Option.some(new EncapError.Missing("id", "a VNI, 0..16777215"));
    }
    return id.isDefined() && other.isDefined() && !id.equals(other)
        ? Option.some(new Conflict("id " + id.get(), "vni " + other.get(), "they mean the same"))
        : Option.none();
  }

  private Seq<EncapError> outOfScope(InnerType inner) {
    Seq<EncapError> errors =
        REFUSED
            .filter(refused -> settings.flag(refused._1, false))
            .map(refused -> new Unsupported(refused._1, refused._2));
    if (settings.word("reserved").contains("ignore")) {
      errors =
          errors.append(
              new Unsupported(
                  "reserved ignore", "reserved bits are judged before the tunnel is known"));
    }
    return inner.equals(InnerType.ETHERNET)
        ? errors
        : errors.append(new Unsupported(inner + " in vxlan", "only Ethernet is carried"));
  }

  /** The VNI; 0 if there is none. */
  long vni() {
    return settings.number("id").orElse(settings.number("vni")).getOrElse(0L);
  }

  /** Family of the outer header, as the ends' addresses say; none without an address. */
  Option<IpFamily> family() {
    return settings.address("remote").orElse(settings.address("local")).map(IpAddress::family);
  }

  /** The carrier, if ends and port are usable. */
  Option<Carrier> carrier() {
    long port = settings.number("dstport").filter(p -> p != 0).getOrElse((long) DEFAULT_PORT);
    return port < 0 || port > 65535
        ? Option.none()
        : family().map(family -> Carrier.udpPort(family, (int) port));
  }

  /** Outer addresses of what we send. */
  Validation<Seq<EncapError>, Addresses> ends() {
    if (settings.values().containsKey("group")) {
      return Validation.invalid(List.of(group(settings.values().get("group").get().toString())));
    }
    Validation<EncapError, IpAddress> local =
        end("local", "the route would choose the source of each packet");
    Validation<EncapError, IpAddress> remote =
        end("remote", "the peer of each station would have to be learned");
    return Validation.combine(local, remote)
        .ap(Tuple::of)
        .flatMap(ends ->
            ends._1.family() == ends._2.family()
                ? Validation.valid(new Addresses(ends._1, ends._2))
                : Validation.invalid(
                    List.of(
                        new Conflict(
                            "local " + ends._1, "remote " + ends._2, "one IP version for both"))));
  }

  private static EncapError group(String address) {
    return new Unsupported("group " + address, "packets would go to many, and come from anyone");
  }

  /** An end's address: a unicast one, since nobody else's packets are taken. */
  private Validation<EncapError, IpAddress> end(String field, String whyNeeded) {
    Option<Value> value = settings.values().get(field);
    Option<IpAddress> address = settings.address(field);
    if (value.isEmpty() || address.exists(IpAddress::isUnspecified)) {
      return Validation.invalid(new Unsupported("a vxlan device without " + field, whyNeeded));
    }
    if (field.equals("remote") && address.exists(IpAddress::isMulticast)) {
      return Validation.invalid(group(address.get().toString()));
    }
    return address.filter(VxlanSettings::isUnicast).isDefined()
        ? Validation.valid(address.get())
        : Validation.invalid(
            new EncapError.Invalid(
                field, value.get().toString(), "a unicast address, not a link-local IPv6 one"));
  }

  private static boolean isUnicast(IpAddress address) {
    boolean isUsable =
        switch (address) {
          case Ipv4Address(int bits) -> bits != -1;
          // One that means another station on every link identifies none.
          case Ipv6Address six -> !six.isLinkLocal();
        };
    return isUsable && !address.isMulticast() && !address.isLoopback();
  }
}
