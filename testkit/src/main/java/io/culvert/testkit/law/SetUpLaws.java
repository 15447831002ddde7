package io.culvert.testkit.law;

import io.culvert.spi.Attribute;
import io.culvert.spi.Capability;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.Value;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.TreeMap;
import io.vavr.control.Either;
import io.vavr.control.Option;
import io.vavr.control.Validation;

/**
 * Law 18: what is claimed works, what is not claimed is refused, and a refusal is a value that says
 * why.
 */
public final class SetUpLaws {
  private static final IpAddress V4 = IpAddress.parse("192.0.2.77").get();
  private static final IpAddress V6 = IpAddress.parse("2001:db8::77").get();

  private SetUpLaws() {}

  /** The tuple of some settings, or why there is none; what the provider throws is a left, too. */
  private record Answer(Either<Seq<EncapError>, EncapTuple> tuple, String fault) {}

  /** Law 18: a sample works, in both directions, and what is made of it agrees with itself. */
  public static Option<Violation> law18SamplesWork(EncapProvider provider, Sample sample) {
    for (Direction direction : Direction.values()) {
      Answer answer = ask(provider, sample.settings(), sample.inner(), direction);
      if (!answer.fault().isEmpty() || answer.tuple().isLeft()) {
        return violation(provider, sample, "a tuple for " + direction, text(answer), "a sample");
      }
      Option<Violation> found = agrees(provider, sample, answer.tuple().get());
      if (found.isDefined()) {
        return found;
      }
    }
    return Option.none();
  }

  /** Law 18: every capability that is claimed has a sample, so that the laws try it. */
  public static Option<Violation> law18EveryClaimHasASample(
      EncapProvider provider, Seq<Sample> samples) {
    Seq<Capability> shown =
        samples.flatMap(sample ->
            ask(provider, sample.settings(), sample.inner(), Direction.TRANSMIT)
                .tuple()
                .map(tuple -> new Capability(family(tuple.carrier()), sample.inner()))
                .toOption());
    Seq<Capability> missing = provider.capabilities().filter(claim -> !shown.exists(claim::covers));
    Seq<Capability> unclaimed =
        shown.filter(s -> !provider.capabilities().exists(claim -> claim.covers(s)));
    return missing.isEmpty() && unclaimed.isEmpty()
        ? Option.none()
        : Option.some(
            Violation.byText(
                Law.REFUSAL,
                "provider " + provider.name(),
                "a sample for each capability, and a capability for each sample",
                missing.map(c -> "no sample for " + text(c)).mkString("; ")
                    + unclaimed
                        .map(c -> "a sample for " + text(c) + " without claim")
                        .mkString("; "),
                "EncapProvider.capabilities, EncapProvider.samples"));
  }

  /**
   * Law 18: an inner type that is not claimed over this carrier's family is refused, as an error.
   *
   * @param inner a type, claimed or not; a claimed one is not judged
   */
  public static Option<Violation> law18WhatIsNotClaimedIsRefused(
      EncapProvider provider, Sample sample, InnerType inner) {
    Answer answer = ask(provider, sample.settings(), inner, Direction.TRANSMIT);
    if (answer.fault().isEmpty() && answer.tuple().isLeft()) {
      return refusalSaysWhy(provider, new Sample(sample.settings(), inner), answer);
    }
    if (answer.fault().isEmpty()) {
      EncapTuple tuple = answer.tuple().get();
      boolean isClaimed = claims(provider, tuple, inner);
      if (isClaimed || shim(provider, tuple, inner).exists(Either::isLeft)) {
        return Option.none();
      }
    }
    return violation(
        provider,
        new Sample(sample.settings(), inner),
        "a refusal: " + inner + " is not among the capabilities",
        text(answer),
        "EncapProvider.tuple and shim");
  }

  /**
   * Law 18: a number, a pair of numbers, a word, or an address's family outside of what its
   * attribute allows is refused.
   *
   * @param sample settings that work, in which one value is changed
   */
  public static Option<Violation> law18NumbersOutOfRangeAreRefused(
      EncapProvider provider, Sample sample) {
    Seq<Attribute> attributes =
        List.ofAll(provider.linkTypes())
            .filter(type -> type.name().equals(sample.settings().linkType()))
            .flatMap(LinkType::attributes);
    for (Attribute attribute : attributes) {
      // Another attribute of the same field may allow the value.
      Seq<Attribute> others = attributes.filter(a -> a.field().equals(attribute.field()));
      for (Value value : outside(attribute).reject(v -> others.exists(a -> a.accepts(v)))) {
        Settings wrong = sample.settings().with(attribute.field(), value);
        Answer answer = ask(provider, wrong, sample.inner(), Direction.TRANSMIT);
        if (!answer.fault().isEmpty() || answer.tuple().isRight()) {
          return violation(
              provider,
              new Sample(wrong, sample.inner()),
              attribute.field() + " " + value + " refused; declared is " + attribute.expected(),
              text(answer),
              "LinkType.mistakes finds such settings");
        }
      }
    }
    return Option.none();
  }

  /** Values that an attribute does not allow, right beside those that it does. */
  private static Seq<Value> outside(Attribute attribute) {
    return switch (attribute) {
      case Attribute.Number number ->
          List.of(new Value.Num(number.least() - 1), new Value.Num(number.most() + 1));
      case Attribute.Range range ->
          List.of(
              new Value.Range(range.least() - 1, range.most()),
              new Value.Range(range.least(), range.most() + 1),
              new Value.Range(range.most(), range.most() - 1));
      case Attribute.Mapping mapping ->
          List.of(
              new Value.Mapping(TreeMap.of(mapping.mostFrom() + 1, 0)),
              new Value.Mapping(TreeMap.of(0, mapping.mostTo() + 1)),
              new Value.Mapping(TreeMap.of(-1, 0)));
      case Attribute.Keyword _ -> List.of(new Value.Word("no-such-word"));
      case Attribute.Address address ->
          address
              .family()
              .map(family -> (Value) new Value.Ip(family == IpFamily.V4 ? V6 : V4))
              .toList();
      case Attribute.Prefix _ -> List.of(new Value.Word("no-prefix"));
      case Attribute.Bits _ -> List.of(new Value.Word("0x10000000000000000"));
      case Attribute.Flag _, Attribute.HardwareAddress _, Attribute.DeviceName _ -> List.empty();
    };
  }

  /**
   * Law 18: any settings give a tuple that agrees with itself, or errors that say why; never an
   * exception, never null.
   */
  public static Option<Violation> law18AnySettingsAreJudged(EncapProvider provider, Sample sample) {
    for (Direction direction : Direction.values()) {
      Answer answer = ask(provider, sample.settings(), sample.inner(), direction);
      Option<Violation> found =
          !answer.fault().isEmpty()
              ? violation(
                  provider, sample, "a tuple or errors", text(answer), "EncapProvider.tuple")
              : answer.tuple().isLeft()
                  ? refusalSaysWhy(provider, sample, answer)
                  : agrees(provider, sample, answer.tuple().get());
      if (found.isDefined()) {
        return found;
      }
    }
    return Option.none();
  }

  private static Option<Violation> agrees(EncapProvider provider, Sample sample, EncapTuple tuple) {
    Option<Either<EncapError, Shim>> shim = shim(provider, tuple, sample.inner());
    if (shim.isEmpty()) {
      return violation(provider, sample, "a shim or an error", "it threw, or was null", "shim");
    }
    String wrong =
        !tuple.provider().equals(provider.name())
            ? "the tuple names provider " + tuple.provider()
            : !provider.carriers(sample.settings()).contains(tuple.carrier())
                ? tuple.carrier() + " is not among carriers(settings)"
                : shim.get().isRight() && !names(tuple, sample.inner())
                    ? "the tuple's inner types do not name " + sample.inner()
                    : shim.get().isLeft() && claims(provider, tuple, sample.inner())
                        ? "claimed, but: " + shim.get().getLeft().message()
                        : shim.get().isRight() && !claims(provider, tuple, sample.inner())
                            ? "it works, but is not among the capabilities"
                            : "";
    return wrong.isEmpty()
        ? Option.none()
        : violation(provider, sample, "a tuple that agrees with its provider", wrong, "tuple");
  }

  private static boolean names(EncapTuple tuple, InnerType inner) {
    Option<IpFamily> family = family(tuple.carrier());
    Capability used = new Capability(family, inner);
    return tuple.inner().exists(type -> new Capability(family, type).covers(used));
  }

  private static boolean claims(EncapProvider provider, EncapTuple tuple, InnerType inner) {
    Capability used = new Capability(family(tuple.carrier()), inner);
    return provider.capabilities().exists(claimed -> claimed.covers(used));
  }

  private static Option<Violation> refusalSaysWhy(
      EncapProvider provider, Sample sample, Answer answer) {
    Seq<EncapError> errors = answer.tuple().getLeft();
    return errors.nonEmpty() && errors.forAll(e -> !e.message().isBlank())
        ? Option.none()
        : violation(provider, sample, "errors that say why", errors.toString(), "tuple");
  }

  private static Option<IpFamily> family(Carrier carrier) {
    return switch (carrier) {
      case Carrier.EtherTypeCarrier _ -> Option.none();
      case Carrier.IpProtocolCarrier(IpFamily family, int _) -> Option.some(family);
      case Carrier.UdpPortCarrier(IpFamily family, int _) -> Option.some(family);
    };
  }

  private static Answer ask(
      EncapProvider provider, Settings settings, InnerType inner, Direction direction) {
    try {
      Validation<Seq<EncapError>, EncapTuple> tuple = provider.tuple(settings, inner, direction);
      return answered(tuple);
    } catch (Throwable thrown) {
      return new Answer(Either.left(List.empty()), "it threw " + thrown);
    }
  }

  @SuppressWarnings("ConstantValue") // A provider may be compiled without null checks.
  private static Answer answered(Validation<Seq<EncapError>, EncapTuple> tuple) {
    return tuple == null
        ? new Answer(Either.left(List.empty()), "it returned null")
        : new Answer(tuple.toEither(), "");
  }

  private static Option<Either<EncapError, Shim>> shim(
      EncapProvider provider, EncapTuple tuple, InnerType inner) {
    try {
      return Option.of(provider.shim(tuple, inner));
    } catch (Throwable thrown) {
      return Option.none();
    }
  }

  private static String text(Answer answer) {
    return !answer.fault().isEmpty()
        ? answer.fault()
        : answer
            .tuple()
            .fold(
                errors -> errors.map(EncapError::message).mkString("refused: ", "; ", ""),
                EncapTuple::toString);
  }

  private static String text(Capability claim) {
    return claim.inner() + claim.outer().map(f -> " over IP" + f).getOrElse(" over an EtherType");
  }

  private static String subject(EncapProvider provider, Sample sample) {
    return new EncapSubject(provider, sample.settings(), sample.inner()).toString();
  }

  private static Option<Violation> violation(
      EncapProvider provider, Sample sample, String expected, String got, String hint) {
    return Option.some(
        Violation.byText(Law.REFUSAL, subject(provider, sample), expected, got, hint));
  }
}
