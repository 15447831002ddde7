package io.culvert.testkit.law;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapKey;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.OuterPolicy.DontFragment;
import io.culvert.spi.RxCheck;
import io.culvert.testkit.law.StackHeaders.Part;
import io.culvert.testkit.law.TunnelStack.Side;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * The stacks that a flow table may refuse: what each layer takes is counted here, from what its
 * provider says, and the table is not asked. So a table that refuses another stack is wrong, and so
 * is one that takes one of these.
 */
public final class StackLimits {
  /** Bytes of headers in a template, and what is done with them, one for each header and patch. */
  private static final int MOST_BYTES = 256;

  private static final int MOST_OPERATIONS = 15;

  private StackLimits() {}

  /** Why a stack may be refused. */
  public enum Limit {
    /** More header bytes than a template has room for. */
    HEADER_BYTES,
    /** More headers and fields to finish than a template has room for. */
    OPERATIONS,
    /** More identity words than a key has. */
    IDENTITY_WORDS,
    /** TTL, TOS or DF inherited from a packet behind a tag, which a device may look at or not. */
    INHERITED_THROUGH_TAG,
    /** Sequence numbers on receipt in more than one layer. */
    NUMBERED_TWICE,
    /** A checksum over the payload of a frame, whose end nothing but the shim could tell. */
    CHECKSUM_ON_ETHERNET
  }

  /** What stands against a stack, at either end and for either family; none if nothing does. */
  public static Option<Limit> of(TunnelStack stack, EncapRegistry registry) {
    return List.of(Side.values())
        .flatMap(side -> stack.families().flatMap(family -> of(stack, registry, side, family)))
        .headOption();
  }

  /** What stands against a stack at one end, for flows of a family. */
  static Option<Limit> of(TunnelStack stack, EncapRegistry registry, Side side, IpFamily family) {
    Seq<Part> sent = StackHeaders.of(stack, registry, family, side, Direction.TRANSMIT).parts();
    Seq<Part> awaited = StackHeaders.of(stack, registry, family, side, Direction.RECEIVE).parts();
    int bytes = PlainFrames.ETHERNET + sent.map(Part::length).sum().intValue();
    int operations = sent.map(StackLimits::operations).sum().intValue();
    int words = awaited.map(StackLimits::words).sum().intValue();
    return List.of(
            Option.when(words > EncapKey.CAPACITY, Limit.IDENTITY_WORDS),
            Option.when(awaited.exists(StackLimits::sumsFrame), Limit.CHECKSUM_ON_ETHERNET),
            Option.when(awaited.count(StackLimits::isNumbered) > 1, Limit.NUMBERED_TWICE),
            Option.when(bytes > MOST_BYTES, Limit.HEADER_BYTES),
            Option.when(inheritsThroughTag(sent), Limit.INHERITED_THROUGH_TAG),
            Option.when(operations > MOST_OPERATIONS, Limit.OPERATIONS))
        .flatMap(limit -> limit)
        .headOption();
  }

  private static int operations(Part part) {
    int headers =
        switch (part.carrier()) {
          case Carrier.EtherTypeCarrier _ -> 0;
          case Carrier.IpProtocolCarrier _ -> 1;
          case Carrier.UdpPortCarrier _ -> 2;
        };
    return headers + part.shim().patches().size();
  }

  /** The layer's own words, its ends and peer, one for what it is, one for a MAC address inside. */
  private static int words(Part part) {
    int ends =
        switch (part.carrier()) {
          case Carrier.EtherTypeCarrier(int _, boolean byPeer) -> byPeer ? 1 : 0;
          case Carrier.IpProtocolCarrier(IpFamily family, int _) -> ends(family);
          case Carrier.UdpPortCarrier(IpFamily family, int _) -> ends(family);
        };
    return part.words() + ends + 1 + (part.hasEthernet() ? 1 : 0);
  }

  private static int ends(IpFamily family) {
    return family == IpFamily.V4 ? 1 : 4;
  }

  private static boolean isNumbered(Part part) {
    return part.shim().checks().exists(RxCheck.Sequence.class::isInstance);
  }

  private static boolean sumsFrame(Part part) {
    return part.carrier() instanceof Carrier.EtherTypeCarrier
        && part.shim().checks().exists(RxCheck.Checksum.class::isInstance);
  }

  private static boolean inheritsThroughTag(Seq<Part> parts) {
    return parts
        .zip(parts.drop(1))
        .exists(pair ->
            pair._1.hasEthernet()
                && pair._2.carrier() instanceof Carrier.EtherTypeCarrier
                && inherits(pair._1.policy()));
  }

  private static boolean inherits(OuterPolicy policy) {
    return policy.ttl().inherit()
        || policy.tos().inherit()
        || policy.df() == DontFragment.INHERIT
        || policy.df() == DontFragment.INHERIT_OR_SET;
  }
}
