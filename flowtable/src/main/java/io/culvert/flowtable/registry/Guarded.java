package io.culvert.flowtable.registry;

import io.culvert.spi.Capability;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.ProviderFailed;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.util.function.Supplier;

/** A provider behind the control-call fence: what it throws, or returns as null, becomes a left. */
public final class Guarded {
  private final EncapProvider provider;
  private final String name;

  Guarded(EncapProvider provider, String name) {
    this.provider = provider;
    this.name = name;
  }

  /** The provider's name. */
  public String name() {
    return name;
  }

  /** The link types. */
  public Either<Seq<EncapError>, Seq<LinkType>> linkTypes() {
    return call("linkTypes", provider::linkTypes);
  }

  /** What may be carried over what. */
  public Either<Seq<EncapError>, Seq<Capability>> capabilities() {
    return call("capabilities", provider::capabilities);
  }

  /** The carriers of a device. */
  public Either<Seq<EncapError>, Seq<Carrier>> carriers(Settings settings) {
    return call("carriers", () -> provider.carriers(settings));
  }

  /** The layer of a device in one direction. */
  public Either<Seq<EncapError>, EncapTuple> tuple(
      Settings settings, InnerType inner, Direction direction) {
    return call("tuple", () -> provider.tuple(settings, inner, direction))
        .flatMap(validation -> validation.toEither());
  }

  /** The transmit side of a layer. */
  public Either<Seq<EncapError>, Shim> shim(EncapTuple tuple, InnerType inner) {
    return call("shim", () -> provider.shim(tuple, inner))
        .flatMap(shim -> shim.mapLeft(error -> List.of(error)));
  }

  /** The receive side behind a carrier. */
  public Either<Seq<EncapError>, Encap> encap(Carrier carrier) {
    return call("encap", () -> provider.encap(carrier));
  }

  /** The provider itself, for calls that need no fence because their caller has one. */
  public EncapProvider provider() {
    return provider;
  }

  @SuppressWarnings("ConstantValue") // A provider may be compiled without null checks.
  private <T> Either<Seq<EncapError>, T> call(String method, Supplier<T> body) {
    try {
      T answer = body.get();
      return answer == null
          ? Either.left(List.of(new ProviderFailed(name, method, "it returned null")))
          : Either.right(answer);
    } catch (Throwable thrown) {
      // All of it: a provider in another language throws checked exceptions and its own errors.
      return Either.left(List.of(new ProviderFailed(name, method, thrown.toString())));
    }
  }
}
