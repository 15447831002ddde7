package io.culvert.flowtable;

import io.culvert.flowtable.path.ForwardPath.EthernetInside;
import io.culvert.flowtable.path.ForwardPath.Layer;
import io.culvert.flowtable.table.SequenceStore;
import io.culvert.flowtable.table.TemplateOperation;
import io.culvert.spi.Carrier;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.OuterPolicy.DontFragment;
import io.culvert.spi.Patch;
import io.culvert.spi.Shim;
import io.culvert.wire.EtherType;
import io.culvert.wire.InternetChecksum;
import io.culvert.wire.IpFamily;
import io.culvert.wire.IpProtocol;
import io.culvert.wire.Ipv4Header;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.nio.ByteBuffer;

/**
 * Appends one layer's headers to a template: the carrier's, the shim, an Ethernet header inside.
 */
final class HeaderComposer {
  private final ByteBuffer bytes;
  private final Layer layer;
  private final Sequences sequences;
  private Seq<Long> operations = List.empty();

  HeaderComposer(ByteBuffer bytes, Layer layer, Sequences sequences) {
    this.sequences = sequences;
    this.bytes = bytes;
    this.layer = layer;
  }

  /**
   * Appends the bytes.
   *
   * @param nextType EtherType of what follows the layer
   * @return operations in the order in which they run: those of the shim, UDP, IP
   */
  Either<EncapError, Seq<Long>> append(int nextType) {
    EncapTuple tuple = layer.transmit();
    if (inheritsThroughTag(nextType)) {
      return Either.left(
          new Unsupported(
              "inheriting ttl, tos or df in " + layer.device(),
              "a tag is in front of the inner packet, and whether it is looked behind is the"
                  + " device's choice"));
    }
    switch (tuple.carrier()) {
      case Carrier.EtherTypeCarrier _ -> {}
      case Carrier.IpProtocolCarrier(IpFamily family, int protocol) -> ip(family, protocol);
      case Carrier.UdpPortCarrier(IpFamily family, int port) -> {
        int ip = bytes.position();
        ip(family, IpProtocol.UDP);
        udp(ip, family, port);
      }
    }
    int shimAt = bytes.position();
    bytes.put(layer.shim().bytes());
    layer.ethernet().forEach(ethernet -> ethernet(bytes, ethernet, nextType));
    return patches(shimAt).map(patches -> patches.appendAll(operations));
  }

  /** In Linux it depends on a device's offloads what it inherits from a frame with a tag. */
  private boolean inheritsThroughTag(int nextType) {
    OuterPolicy policy = layer.transmit().policy();
    boolean inherits =
        policy.ttl().inherit()
            || policy.tos().inherit()
            || policy.df() == DontFragment.INHERIT
            || policy.df() == DontFragment.INHERIT_OR_SET;
    return layer.ethernet().isDefined()
        && nextType != EtherType.IPV4
        && nextType != EtherType.IPV6
        && inherits;
  }

  /** Writes an Ethernet header. */
  static void ethernet(ByteBuffer bytes, EthernetInside ethernet, int type) {
    for (long mac : new long[] {ethernet.destination().bits(), ethernet.source().bits()}) {
      bytes.putShort((short) (mac >>> 32)).putInt((int) mac);
    }
    bytes.putShort((short) type);
  }

  private void ip(IpFamily family, int protocol) {
    int at = bytes.position();
    OuterPolicy policy = layer.transmit().policy();
    EncapTuple.Addresses outer = layer.transmit().addresses().get();
    int tos = policy.tos().value() & 0xfc;
    if (family == IpFamily.V4) {
      bytes.put((byte) Ipv4Header.VERSION_4_IHL_5).put((byte) tos).putInt(0);
      bytes.putShort((short) TemplateOperation.fixedFragment(policy));
      bytes.put((byte) policy.ttl().value()).put((byte) protocol).putShort((short) 0);
    } else {
      bytes.putInt(6 << 28 | tos << 20 | policy.flowLabel().value()).putShort((short) 0);
      bytes.put((byte) protocol).put((byte) policy.ttl().value());
    }
    bytes.put(outer.source().bytes()).put(outer.destination().bytes());
    operations =
        family == IpFamily.V4
            ? List.of(
                TemplateOperation.ipv4(at, policy, sum(at, bytes.position())),
                TemplateOperation.inheritedBits(policy))
            : List.of(TemplateOperation.ipv6(at, policy), TemplateOperation.inheritedBits6(policy));
  }

  private void udp(int ip, IpFamily family, int port) {
    OuterPolicy.Udp udp = layer.transmit().policy().udp();
    int at = bytes.position();
    boolean isFixed = udp.leastSourcePort() == udp.mostSourcePort();
    bytes.putShort((short) (isFixed ? udp.leastSourcePort() : 0)).putShort((short) port).putInt(0);
    // Both addresses end the IP header; the lengths of pseudo header and header come per packet.
    int addresses = 2 * (family == IpFamily.V4 ? 4 : 16);
    long base = (long) sum(ip + family.headerLength() - addresses, at) + IpProtocol.UDP;
    int ports = sum(at, at + 4);
    operations =
        operations.prependAll(
            List.of(
                TemplateOperation.udp(at, udp, InternetChecksum.fold(base + ports)),
                TemplateOperation.sourcePorts(udp)));
  }

  private Either<EncapError, Seq<Long>> patches(int shimAt) {
    Shim shim = layer.shim();
    Seq<Long> fields = List.empty();
    Seq<Long> checksums = List.empty();
    for (Patch patch : shim.patches()) {
      if (patch.at() < 0 || patch.at() + width(patch) > shim.length()) {
        return refuse(patch, "it does not lie in the shim of " + shim.length() + " bytes");
      }
      switch (patch) {
        case Patch.Length(int at, int from) -> {
          if (from < 0 || from > shim.length()) {
            return refuse(patch, "it begins outside of the shim");
          }
          fields =
              fields.appendAll(List.of(TemplateOperation.length(shimAt + at, shimAt + from), 0L));
        }
        case Patch.Checksum(int at, int from) -> {
          if (from < 0 || from > at) {
            return refuse(patch, "it must cover its own field, from inside the shim on");
          }
          checksums =
              checksums.appendAll(
                  List.of(TemplateOperation.checksum(shimAt + at, shimAt + from), 0L));
        }
        case Patch.Priority(int at, var classes) ->
            fields =
                fields.appendAll(
                    List.of(
                        TemplateOperation.priority(shimAt + at),
                        TemplateOperation.classes(classes.toJavaMap())));
        case Patch.DropEligible(int at, int bit) ->
            fields =
                fields.appendAll(List.of(TemplateOperation.dropEligible(shimAt + at), (long) bit));
        case Patch.Entropy(int at) ->
            fields = fields.appendAll(List.of(TemplateOperation.entropy(shimAt + at), 0L));
        case Patch.Sequence(int at) -> {
          int number = sequences.number(layer.ifindex());
          if (number < 0) {
            return refuse(patch, SequenceStore.MOST + " tunnels have sequence numbers already");
          }
          fields =
              fields.appendAll(List.of(TemplateOperation.sequence(shimAt + at), (long) number));
        }
      }
    }
    return Either.right(fields.appendAll(checksums)); // a checksum covers the other fields
  }

  /** Bytes that a patch writes. */
  private static int width(Patch patch) {
    return switch (patch) {
      case Patch.Priority _, Patch.DropEligible _ -> 1;
      case Patch.Length _, Patch.Checksum _, Patch.Entropy _ -> 2;
      case Patch.Sequence _ -> 4;
    };
  }

  private Either<EncapError, Seq<Long>> refuse(Patch patch, String why) {
    return Either.left(new Unsupported(patch + " of " + layer.device(), why));
  }

  private int sum(int from, int to) {
    long sum = 0;
    for (int at = from; at < to; at += 2) {
      sum += bytes.getShort(at) & 0xffff;
    }
    return InternetChecksum.fold(sum);
  }
}
