package io.culvert.flowtable;

import io.culvert.flowtable.path.ForwardPath;
import io.culvert.flowtable.path.ForwardPath.Layer;
import io.culvert.flowtable.table.Template;
import io.culvert.flowtable.table.TemplateOperation;
import io.culvert.flowtable.table.TemplateStore;
import io.culvert.spi.Carrier;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.OuterPolicy.DontFragment;
import io.culvert.spi.Patch;
import io.culvert.spi.Shim;
import io.culvert.wire.EtherType;
import io.culvert.wire.IpFamily;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv4Header;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.nio.ByteBuffer;

/**
 * Composes the headers of a whole way out into one template: once per flow, so that a push of any
 * depth is one copy and a short list of operations.
 *
 * <p>What this version cannot write is refused with the reason: carriers other than an IPv4
 * protocol, patches other than a length, checks on receipt.
 */
final class TemplateComposer {
  private TemplateComposer() {}

  /** The template of a way. */
  static Either<EncapError, Template> compose(ForwardPath path) {
    int length = path.headerLength();
    if (length > TemplateStore.MAX_HEADER_BYTES) {
      return Either.left(
          new Unsupported(
              length + " bytes of headers", "expected at most " + TemplateStore.MAX_HEADER_BYTES));
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    putMac(bytes, path.destination().bits());
    putMac(bytes, path.source().bits());
    bytes.putShort((short) etherType(path));
    List<Long> operations = List.empty();
    for (Layer layer : path.layers()) {
      Either<EncapError, Seq<Long>> added = append(bytes, layer);
      if (added.isLeft()) {
        return Either.left(added.getLeft());
      }
      // Innermost first: an outer layer inherits what an inner one was given.
      operations = operations.prependAll(added.get());
    }
    if (operations.size() > Template.MAX_OPERATION_WORDS) {
      return Either.left(
          new Unsupported(
              operations.size() / 2 + " operations on headers",
              "expected at most " + Template.MAX_OPERATION_WORDS / 2));
    }
    long[] packed = operations.toJavaStream().mapToLong(Long::longValue).toArray();
    return Either.right(new Template(path.port(), bytes.array(), packed));
  }

  private static int etherType(ForwardPath path) {
    InnerType first =
        path.layers()
            .headOption()
            .flatMap(layer -> layer.transmit().addresses())
            .map(addresses -> InnerType.of(addresses.source().family()))
            .getOrElse(path.inner());
    return first.equals(InnerType.IPV4) ? EtherType.IPV4 : EtherType.IPV6;
  }

  private static void putMac(ByteBuffer bytes, long mac) {
    bytes.putShort((short) (mac >>> 32)).putInt((int) mac);
  }

  private static Either<EncapError, Seq<Long>> append(ByteBuffer bytes, Layer layer) {
    EncapTuple tuple = layer.transmit();
    Shim shim = layer.shim();
    if (!(tuple.carrier() instanceof Carrier.IpProtocolCarrier(IpFamily family, int protocol))
        || family != IpFamily.V4) {
      return Either.left(
          new Unsupported(tuple.carrier() + " of " + layer.device(), "only IPv4 carries yet"));
    }
    if (!shim.checks().isEmpty()) {
      return Either.left(
          new Unsupported(
              shim.checks().head() + " of " + layer.device(), "no checks on receipt yet"));
    }
    int headerAt = bytes.position();
    EncapTuple.Addresses outer = tuple.addresses().get();
    int source = ((Ipv4Address) outer.source()).bits();
    int destination = ((Ipv4Address) outer.destination()).bits();
    OuterPolicy policy = tuple.policy();
    bytes.put((byte) Ipv4Header.VERSION_4_IHL_5).put((byte) (policy.tos().value() & 0xfc));
    bytes.putInt(0).putShort((short) (policy.df() == DontFragment.SET ? Ipv4Header.DF : 0));
    bytes.put((byte) policy.ttl().value()).put((byte) protocol).putShort((short) 0);
    bytes.putInt(source).putInt(destination);
    int sum = sum(bytes, headerAt);
    int shimAt = bytes.position();
    bytes.put(shim.bytes());
    return patches(layer, shim, shimAt)
        .map(operations ->
            operations.appendAll(
                List.of(
                    TemplateOperation.ipv4(headerAt, policy, sum),
                    TemplateOperation.inheritedBits(policy))));
  }

  private static Either<EncapError, Seq<Long>> patches(Layer layer, Shim shim, int shimAt) {
    Seq<Long> operations = List.empty();
    for (Patch patch : shim.patches()) {
      if (!(patch instanceof Patch.Length(int at, int from))
          || at < 0
          || at + 2 > shim.length()
          || from < 0
          || from > shim.length()) {
        return Either.left(
            new Unsupported(patch + " of " + layer.device(), "only lengths inside the shim yet"));
      }
      operations =
          operations.appendAll(List.of(TemplateOperation.length(shimAt + at, shimAt + from), 0L));
    }
    return Either.right(operations);
  }

  private static int sum(ByteBuffer bytes, int header) {
    int sum = 0;
    for (int at = header; at < header + Ipv4Header.LENGTH; at += 2) {
      sum += bytes.getShort(at) & 0xffff;
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    return (sum & 0xffff) + (sum >>> 16);
  }
}
