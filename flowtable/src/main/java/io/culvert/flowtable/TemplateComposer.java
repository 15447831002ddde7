package io.culvert.flowtable;

import io.culvert.flowtable.path.ForwardPath;
import io.culvert.flowtable.path.ForwardPath.EthernetInside;
import io.culvert.flowtable.path.ForwardPath.Layer;
import io.culvert.flowtable.table.Template;
import io.culvert.flowtable.table.TemplateStore;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.InnerType;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.nio.ByteBuffer;

/**
 * Composes the headers of a whole way out into one template: once per flow, so that a push of any
 * depth is one copy and a short list of operations.
 *
 * <p>What cannot be written is refused with the reason: more header bytes or operations than a
 * template holds, more tunnels with sequence numbers than there are states.
 */
final class TemplateComposer {
  private TemplateComposer() {}

  /** The template of a way. */
  static Either<EncapError, Template> compose(ForwardPath path, Sequences sequences) {
    int length = path.headerLength();
    if (length > TemplateStore.MAX_HEADER_BYTES) {
      return Either.left(
          new Unsupported(
              length + " bytes of headers", "expected at most " + TemplateStore.MAX_HEADER_BYTES));
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    HeaderComposer.ethernet(
        bytes, new EthernetInside(path.source(), path.destination()), typeBehind(path, -1));
    Seq<Long> operations = List.empty();
    for (int i = 0; i < path.layers().size(); i++) {
      Layer layer = path.layers().get(i);
      Either<EncapError, Seq<Long>> added =
          new HeaderComposer(bytes, layer, sequences).append(typeBehind(path, i));
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

  /** EtherType of what follows a layer; of what follows the outermost Ethernet header for -1. */
  private static int typeBehind(ForwardPath path, int layer) {
    InnerType type =
        layer + 1 < path.layers().size()
            ? path.layers().get(layer + 1).announcedBy()
            : path.inner();
    return type.number();
  }
}
