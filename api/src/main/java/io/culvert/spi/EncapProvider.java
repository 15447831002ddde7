package io.culvert.spi;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Validation;

/**
 * One tunnel protocol, one per jar, found by {@link java.util.ServiceLoader}.
 *
 * <p>Everything here is control path: it may allocate, and its mistakes are values. What throws
 * becomes a {@link EncapError.ProviderFailed}. Implementations are immutable and safe for any
 * thread.
 */
public interface EncapProvider {

  /** Short lower-case name, unique among providers: {@code vxlan}. */
  String name();

  /** Returns {@link SpiVersion#CURRENT}: the version that this provider was compiled against. */
  int spiVersion();

  /** The kinds of virtual device that this provider serves. */
  Seq<LinkType> linkTypes();

  /** What may be carried over what. Anything else is refused by {@link #tuple} or {@link #shim}. */
  Seq<Capability> capabilities();

  /**
   * The carriers that a device with these settings uses.
   *
   * @return the carriers; empty if the settings are not usable
   */
  Seq<Carrier> carriers(Settings settings);

  /**
   * The layer that a device with these settings pops or pushes.
   *
   * <p>The two directions mirror each other: source and destination exchange places, the words are
   * each direction's own.
   *
   * @return the tuple, or all mistakes at once
   */
  Validation<Seq<EncapError>, EncapTuple> tuple(
      Settings settings, InnerType inner, Direction direction);

  /**
   * The shim of a layer for one kind of inner packet: as we send it for a transmit tuple, as the
   * peer does for a receive tuple.
   */
  Either<EncapError, Shim> shim(EncapTuple tuple, InnerType inner);

  /**
   * Which packets of its carriers' IP protocols may be flows of their own where they only pass
   * through the router; at most one for a carrier, and none for TCP, UDP and the extension headers
   * of IPv6. Without this method none are, and they stay on the slow path.
   */
  default Seq<Transit> transit() {
    return List.empty();
  }

  /** The receive side behind one of this provider's carriers; the same object each time. */
  Encap encap(Carrier carrier);

  /** Settings that work, at least one: the framework's self-check at admission pushes and pops. */
  Seq<Sample> samples();
}
