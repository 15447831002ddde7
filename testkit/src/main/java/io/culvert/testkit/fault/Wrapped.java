package io.culvert.testkit.fault;

import io.culvert.spi.Capability;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.Patch;
import io.culvert.spi.RxCheck;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.Transit;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Validation;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;

/** Providers that answer as another one does, but for one thing: the parts of a planted fault. */
public final class Wrapped {
  private Wrapped() {}

  /** Other shims, in both directions. */
  public static UnaryOperator<EncapProvider> shims(UnaryOperator<Shim> change) {
    return provider -> new Changed(provider, (_, tuple) -> tuple, change, encap -> encap);
  }

  /** Other patches, and other checks of receipt. */
  public static UnaryOperator<EncapProvider> fields(
      UnaryOperator<Seq<Patch>> patches, UnaryOperator<Seq<RxCheck>> checks) {
    return shims(
        shim -> new Shim(shim.bytes(), patches.apply(shim.patches()), checks.apply(shim.checks())));
  }

  /** Other tuples, by direction. */
  public static UnaryOperator<EncapProvider> tuples(
      BiFunction<Direction, EncapTuple, EncapTuple> change) {
    return provider -> new Changed(provider, change, shim -> shim, encap -> encap);
  }

  /** Other identity words, in both directions, and so other shims. */
  public static UnaryOperator<EncapProvider> words(UnaryOperator<Long> change) {
    return tuples((_, tuple) -> with(tuple, tuple.words().map(change), tuple.policy()));
  }

  private static EncapTuple with(EncapTuple tuple, Seq<Long> words, OuterPolicy policy) {
    return new EncapTuple(
        tuple.provider(),
        tuple.carrier(),
        tuple.addresses(),
        words,
        policy,
        tuple.device(),
        tuple.inner(),
        tuple.peer(),
        tuple.shimSettings());
  }

  /** The addresses of what is sent in what is awaited, too. */
  public static UnaryOperator<EncapProvider> notMirrored() {
    return tuples((direction, tuple) ->
        direction == Direction.TRANSMIT
            ? tuple
            : new EncapTuple(
                tuple.provider(),
                tuple.carrier(),
                tuple.addresses().map(EncapTuple.Addresses::reversed),
                tuple.words(),
                tuple.policy(),
                tuple.device(),
                tuple.inner(),
                tuple.peer(),
                tuple.shimSettings()));
  }

  /** Other outer headers, in both directions. */
  public static UnaryOperator<EncapProvider> policies(UnaryOperator<OuterPolicy> change) {
    return tuples((_, tuple) -> with(tuple, tuple.words(), change.apply(tuple.policy())));
  }

  /** Other results of match, see {@link io.culvert.spi.Match}. */
  public static UnaryOperator<EncapProvider> results(LongUnaryOperator change) {
    return provider ->
        new Changed(
            provider,
            (_, tuple) -> tuple,
            shim -> shim,
            usual -> (frame, at, end, key) -> change.applyAsLong(usual.match(frame, at, end, key)));
  }

  /**
   * The first bytes of each shim in another order on the wire, in push and match alike: a mistake
   * that a round trip does not show.
   *
   * @param order where each byte of the wire comes from, {@code 0, 1, 3, 2} for an exchange of the
   *     last two; shims that are shorter stay as they are
   */
  public static UnaryOperator<EncapProvider> order(int... order) {
    WireOrder other = new WireOrder(order);
    return provider -> new Changed(provider, (_, tuple) -> tuple, other::sent, other::receiveSide);
  }

  /** A provider with changes to what it answers. */
  private static final class Changed implements EncapProvider {
    private final EncapProvider provider;
    private final BiFunction<Direction, EncapTuple, EncapTuple> tuples;
    private final UnaryOperator<Shim> shims;
    private final UnaryOperator<Encap> encaps;
    private final ConcurrentHashMap<Carrier, Encap> receiveSides = new ConcurrentHashMap<>();

    Changed(
        EncapProvider provider,
        BiFunction<Direction, EncapTuple, EncapTuple> tuples,
        UnaryOperator<Shim> shims,
        UnaryOperator<Encap> encaps) {
      this.provider = provider;
      this.tuples = tuples;
      this.shims = shims;
      this.encaps = encaps;
    }

    @Override
    public String name() {
      return provider.name();
    }

    @Override
    public int spiVersion() {
      return provider.spiVersion();
    }

    @Override
    public Seq<LinkType> linkTypes() {
      return provider.linkTypes();
    }

    @Override
    public Seq<Capability> capabilities() {
      return provider.capabilities();
    }

    @Override
    public Seq<Carrier> carriers(Settings settings) {
      return provider.carriers(settings);
    }

    @Override
    public Validation<Seq<EncapError>, EncapTuple> tuple(
        Settings settings, InnerType inner, Direction direction) {
      return provider
          .tuple(settings, inner, direction)
          .map(tuple -> tuples.apply(direction, tuple));
    }

    @Override
    public Either<EncapError, Shim> shim(EncapTuple tuple, InnerType inner) {
      return provider.shim(tuple, inner).map(shims);
    }

    @Override
    public Encap encap(Carrier carrier) {
      return receiveSides.computeIfAbsent(carrier, c -> encaps.apply(provider.encap(c)));
    }

    @Override
    public Seq<Transit> transit() {
      return provider.transit();
    }

    @Override
    public Seq<Sample> samples() {
      return provider.samples();
    }
  }
}
