package io.culvert.testkit.law;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.Patch;
import io.culvert.spi.Shim;
import io.culvert.testkit.law.TunnelStack.Side;
import io.culvert.testkit.router.OwnHeader;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;

/**
 * What a stack of tunnels puts in front of a packet, as the laws look at it.
 *
 * @param parts its layers, outermost first
 */
record StackHeaders(Seq<Part> parts) {
  private static final int UDP_HEADER = 8;

  /**
   * What one layer puts in front.
   *
   * @param carrier what announces the shim
   * @param words number of the provider's identity words
   * @param policy how the carrier's headers are filled
   * @param shim what stands behind them
   * @param inner what follows; an Ethernet header first, if that is Ethernet
   */
  record Part(Carrier carrier, int words, OuterPolicy policy, Shim shim, InnerType inner) {
    /** A layer's part. */
    static Part of(EncapTuple tuple, Shim shim, InnerType inner) {
      return new Part(tuple.carrier(), tuple.words().size(), tuple.policy(), shim, inner);
    }

    boolean hasEthernet() {
      return inner.equals(InnerType.ETHERNET);
    }

    /** Bytes of the carrier's headers. */
    int front() {
      return switch (carrier) {
        case Carrier.EtherTypeCarrier _ -> 0;
        case Carrier.IpProtocolCarrier(IpFamily family, int _) -> family.headerLength();
        case Carrier.UdpPortCarrier(IpFamily family, int _) -> family.headerLength() + UDP_HEADER;
      };
    }

    int length() {
      return front() + shim.length() + (hasEthernet() ? PlainFrames.ETHERNET : 0);
    }

    /** What the header in front announces the layer by. */
    InnerType announcedBy() {
      return switch (carrier) {
        case Carrier.EtherTypeCarrier(int number, boolean _) ->
            new InnerType(InnerType.ETHERTYPE, number);
        case Carrier.IpProtocolCarrier(IpFamily family, int _) -> InnerType.of(family);
        case Carrier.UdpPortCarrier(IpFamily family, int _) -> InnerType.of(family);
      };
    }
  }

  /** The headers of a stack around a packet of a family, as the near router pushes them. */
  static StackHeaders of(TunnelStack stack, EncapRegistry registry, IpFamily family) {
    return of(stack, registry, family, Side.NEAR, Direction.TRANSMIT);
  }

  /** The headers of a stack around a packet of a family, as a router sends or awaits them. */
  static StackHeaders of(
      TunnelStack stack, EncapRegistry registry, IpFamily family, Side side, Direction direction) {
    Seq<ScenarioDevice> devices =
        stack
            .scenario(side)
            .devices()
            .filter(device -> device.kind() == ScenarioDevice.Kind.VIRTUAL);
    Seq<Part> parts = List.empty();
    InnerType inner = InnerType.of(family);
    for (int i = stack.depth() - 1; i >= 0; i--) {
      boolean isBridge = stack.layers().get(i).kind() == StackLayer.Kind.BRIDGE;
      InnerType carried = isBridge ? InnerType.ETHERNET : inner;
      var settings = devices.get(i).settings();
      EncapProvider provider = registry.providerOf(settings.linkType()).get().provider();
      EncapTuple tuple = provider.tuple(settings, carried, direction).get();
      Part part = Part.of(tuple, provider.shim(tuple, carried).get(), carried);
      parts = parts.prepend(part);
      inner = part.announcedBy();
    }
    return new StackHeaders(parts);
  }

  /** The headers in which a router has a choice, as a comparison of frames wants them. */
  Seq<OwnHeader> own() {
    List<OwnHeader> own = List.empty();
    int at = PlainFrames.ETHERNET;
    for (Part part : parts) {
      int shim = at + part.front();
      own =
          switch (part.carrier()) {
            case Carrier.EtherTypeCarrier _ -> own;
            case Carrier.IpProtocolCarrier(IpFamily family, int _) -> own.append(ip(family, at));
            case Carrier.UdpPortCarrier(IpFamily family, int _) ->
                own.append(ip(family, at))
                    .append(
                        new OwnHeader.Udp(
                            shim - UDP_HEADER,
                            at,
                            part.policy().udp().leastSourcePort(),
                            part.policy().udp().mostSourcePort()));
          };
      for (Patch patch : part.shim().patches()) {
        if (patch instanceof Patch.Checksum(int field, int from)) {
          own = own.append(new OwnHeader.Checksum(shim + field, shim + from));
        } else if (patch instanceof Patch.Sequence(int field)) {
          own = own.append(new OwnHeader.Sequence(shim + field));
        }
      }
      at += part.length();
    }
    return own;
  }

  private static OwnHeader ip(IpFamily family, int at) {
    return family == IpFamily.V4 ? new OwnHeader.Ipv4(at) : new OwnHeader.Ipv6(at);
  }

  /** A copy of a frame without the bits that follow from how a packet is to be treated. */
  byte[] withoutPriorities(byte[] frame) {
    byte[] copy = frame.clone();
    int at = PlainFrames.ETHERNET;
    for (Part part : parts) {
      for (Patch patch : part.shim().patches()) {
        if (patch instanceof Patch.Priority || patch instanceof Patch.DropEligible) {
          copy[at + part.front() + patch.at()] &= (byte) ~PlainPatches.mask(patch);
        }
      }
      at += part.length();
    }
    return copy;
  }

  /** Bytes of all headers. */
  int length() {
    return parts.map(Part::length).sum().intValue();
  }
}
