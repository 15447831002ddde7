package io.culvert.encap.vxlan;

import io.culvert.spi.Attribute;
import io.culvert.spi.Carrier;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Conflict;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.spi.InnerType;
import io.culvert.spi.Settings;
import io.culvert.spi.TunnelEnds;
import io.culvert.spi.Value;
import io.culvert.wire.IpFamily;
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
        .appendAll(reservedMistake())
        .appendAll(outOfScope(inner));
  }

  private Option<EncapError> linkType() {
    return settings.linkType().equals("vxlan")
        ? Option.none()
        : Option.some(new EncapError.Invalid("type", settings.linkType(), "vxlan"));
  }

  private Option<EncapError> vniMistake() {
    return settings.values().containsKey("id")
        ? Option.none()
        : Option.some(new EncapError.Missing("id", "a VNI, 0..16777215"));
  }

  private Seq<EncapError> outOfScope(InnerType inner) {
    Seq<EncapError> errors =
        REFUSED
            .filter(refused -> settings.flag(refused._1, false))
            .map(refused -> new Unsupported(refused._1, refused._2));
    return inner.equals(InnerType.ETHERNET)
        ? errors
        : errors.append(new Unsupported(inner + " in vxlan", "only Ethernet is carried"));
  }

  private Option<EncapError> reservedMistake() {
    Option<String> bits =
        settings.word("reserved_bits").filter(w -> Attribute.Bits.of(w).isDefined());
    Option<String> reserved = settings.word("reserved");
    if (bits.isDefined() && reserved.isDefined()) {
      return Option.some(
          new Conflict(
              "reserved " + reserved.get(),
              "reserved_bits " + bits.get(),
              "both say which bits are judged"));
    }
    // As the kernel: a bit in use cannot be reserved.
    boolean isInUse = (reservedBits() & ~VxlanHeader.RESERVED) != 0;
    return isInUse
        ? Option.some(
            new Conflict(
                "reserved_bits " + bits.get(), "flag I and the VNI", "these bits are in use"))
        : Option.none();
  }

  /** What a shim needs to know of them beside the VNI; nothing for a strict device. */
  Settings judged() {
    long bits = reservedBits();
    Settings strict = Settings.of("vxlan");
    return bits == VxlanHeader.RESERVED
        ? strict
        : strict.with("reserved_bits", "0x" + Long.toHexString(bits));
  }

  /** The bits that must be zero in packets of the peer. */
  long reservedBits() {
    return settings
        .word("reserved_bits")
        .flatMap(Attribute.Bits::of)
        .getOrElse(settings.word("reserved").contains("ignore") ? 0 : VxlanHeader.RESERVED);
  }

  /** The VNI; 0 if there is none. */
  long vni() {
    return settings.number("id").getOrElse(0L);
  }

  /** Family of the outer header, as the ends' addresses say; none without an address. */
  Option<IpFamily> family() {
    return TunnelEnds.family(settings);
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
    Option<Value> group = settings.values().get("group");
    return group.isEmpty()
        ? TunnelEnds.of(settings, Option.none())
        : Validation.invalid(
            List.of(
                new Unsupported(
                    "group " + group.get(), "packets would go to many, and come from anyone")));
  }
}
