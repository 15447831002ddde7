package io.culvert.encap.gre;

import io.culvert.spi.Direction;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.spi.InnerType;
import io.culvert.spi.OuterAttributes;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.OuterPolicy.DontFragment;
import io.culvert.spi.OuterPolicy.EcnMode;
import io.culvert.spi.Settings;
import io.culvert.spi.TunnelEnds;
import io.culvert.spi.Value;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import io.vavr.control.Validation;

/**
 * What the settings of a GRE device come to.
 *
 * @param device its kind
 * @param settings as they were given
 */
record GreSettings(GreDevice device, Settings settings) {

  /** What is wrong, or out of scope, apart from ends and policy. */
  Seq<EncapError> mistakes(InnerType inner) {
    // The ends are judged more strictly than by their family.
    return device
        .linkType()
        .mistakes(settings.without("local").without("remote"))
        .appendAll(keyMistakes())
        .appendAll(outOfScope(inner))
        .appendAll(ignoreDfConflict());
  }

  /** A switch where a key belongs can only say that there is none. */
  private Seq<EncapError> keyMistakes() {
    return List.of("key", "ikey", "okey")
        .filter(field -> settings.flag(field, false))
        .map(field -> new EncapError.Invalid(field, "on", "a number 0..4294967295"));
  }

  private Seq<EncapError> outOfScope(InnerType inner) {
    List<EncapError> errors = List.empty();
    String encap = settings.word("encap").getOrElse("none");
    if (encap.equals("fou") || encap.equals("gue")) {
      errors = errors.append(new Unsupported("encap " + encap, "a UDP header around the tunnel"));
    }
    if (settings.flag("external", false)) {
      errors =
          errors.append(new Unsupported("external", "the tunnel's ends come with each packet"));
    }
    if (!device.carried().contains(inner)) {
      errors = errors.append(notCarried(inner));
    }
    return errors.appendAll(encapLimit());
  }

  /** Why an inner type is refused. */
  EncapError notCarried(InnerType inner) {
    return new Unsupported(
        inner + " in " + device.linkType().name(),
        "only "
            + device.carried().mkString(" and ")
            + (device.carried().size() > 1 ? " are" : " is")
            + " carried");
  }

  private Option<EncapError> encapLimit() {
    Option<Value> limit = settings.values().get("encaplimit");
    boolean isWrong = limit.exists(value -> !OuterAttributes.ENCAPLIMIT.accepts(value));
    return device.family() == IpFamily.V4 || isWrong || limit.contains(new Value.Word("none"))
        ? Option.none()
        : Option.some(
            new Unsupported(
                "encaplimit " + limit.map(Value::toString).getOrElse("4, which is the default,"),
                "a Destination Options header in front of GRE (RFC 2473 §4.1.1); say encaplimit none"));
  }

  /** As the kernel: with DF always set there is none to ignore. */
  private Option<EncapError> ignoreDfConflict() {
    return device.family() == IpFamily.V4
            && settings.flag("ignore-df", false)
            && settings.flag("pmtudisc", true)
        ? Option.some(
            new EncapError.Conflict(
                "ignore-df", "pmtudisc, which is the default", "path MTU discovery sets DF"))
        : Option.none();
  }

  /** Outer addresses of what we send. */
  Validation<Seq<EncapError>, Addresses> ends() {
    return TunnelEnds.of(settings, Option.some(device.family()));
  }

  /** How the outer header is filled. */
  Validation<Seq<EncapError>, OuterPolicy> policy() {
    return device.family() == IpFamily.V6
        ? OuterAttributes.policy6(settings).map(GreSettings::withLinuxEcn)
        : OuterAttributes.policy(settings)
            .map(policy ->
                settings.flag("ignore-df", false) ? policy.withDf(DontFragment.CLEAR) : policy);
  }

  /**
   * The ECN mode that {@code rfc3168}, as Linux does, comes to over IPv6: the traffic class as it
   * is configured, or the whole byte of the inner packet. Other than for the IP tunnels, nothing
   * looks at ECN there.
   */
  private static OuterPolicy withLinuxEcn(OuterPolicy policy) {
    return policy.ecn() != EcnMode.RFC3168
        ? policy
        : policy.withEcn(policy.tos().inherit() ? EcnMode.RFC6040 : EcnMode.COMPATIBILITY);
  }

  /** The identity word of a direction's packets. */
  long word(Direction direction) {
    String prefix = direction == Direction.TRANSMIT ? "o" : "i";
    int flags = 0;
    if (isOn(prefix, "csum")) {
      flags |= GreHeader.CHECKSUM_PRESENT;
    }
    if (isOn(prefix, "seq")) {
      flags |= GreHeader.SEQUENCE_PRESENT;
    }
    // "noikey" beside "key 5" means: none on receipt.
    Option<Long> key =
        settings.values().containsKey(prefix + "key")
            ? settings.number(prefix + "key")
            : settings.number("key");
    if (key.isDefined()) {
      flags |= GreHeader.KEY_PRESENT;
    }
    return GreHeader.word(flags, key.getOrElse(0L).intValue());
  }

  private boolean isOn(String prefix, String field) {
    return settings.flag(prefix + field, settings.flag(field, false));
  }
}
