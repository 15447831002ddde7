package io.culvert.flowtable;

import io.culvert.flowtable.path.ForwardPath;
import io.culvert.flowtable.path.ForwardPath.Layer;
import io.culvert.flowtable.table.RxProgram;
import io.culvert.flowtable.table.SequenceStore;
import io.culvert.spi.Carrier;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.EncapKey;
import io.culvert.spi.RxCheck;
import io.culvert.wire.EthernetHeader;
import io.culvert.wire.IpFamily;
import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Composes what is done with the headers of received packets: the checks of all layers of a way,
 * with the offsets that they have in a frame of the peer.
 */
final class RxComposer {
  /** Words of each operation, the first of which says what it is. */
  private final List<long[]> operations = new ArrayList<>();

  private final Sequences sequences;
  private int at = EthernetHeader.LENGTH;

  private RxComposer(Sequences sequences) {
    this.sequences = sequences;
  }

  /**
   * How packets come in by the way that ours go out by.
   *
   * @param stack identity words of their tunnels
   */
  static Either<EncapError, Received> compose(
      ForwardPath wayBack, EncapKey stack, Sequences sequences) {
    RxComposer composer = new RxComposer(sequences);
    for (Layer layer : wayBack.layers()) {
      Either<EncapError, Boolean> added = composer.add(layer);
      if (added.isLeft()) {
        return Either.left(added.getLeft());
      }
    }
    long[] packed = composer.operations.stream().flatMapToLong(LongStream::of).toArray();
    return Either.right(
        new Received(wayBack.port(), stack, wayBack.layers().size(), composer.at, packed));
  }

  private Either<EncapError, Boolean> add(Layer layer) {
    Carrier carrier = layer.receive().carrier();
    int headerAt = at;
    int shimAt = at + Layer.carrierHeader(carrier);
    if (carrier instanceof Carrier.UdpPortCarrier(IpFamily family, int _)) {
      int flags =
          family(family)
              | (layer.receive().policy().udp().zeroAccepted() ? RxProgram.ZERO_ACCEPTED : 0);
      add(RxProgram.operation(RxProgram.UDP, flags, headerAt, headerAt + family.headerLength()));
    }
    if (carrier instanceof Carrier.EtherTypeCarrier(int _, boolean byPeer) && !byPeer) {
      // A tag says anew what priority its frame has: of several the innermost decides, as in Linux.
      operations.removeIf(operation -> RxProgram.kind(operation[0]) == RxProgram.PRIORITY);
    }
    for (RxCheck check : layer.receiveShim().checks()) {
      switch (check) {
        case RxCheck.Checksum(int from) -> {
          if (layer.receive().addresses().isEmpty()) {
            return refuse(check, layer, "only IP packets have a length that ends it");
          }
          int flags = family(layer.receive().addresses().get().source().family());
          add(RxProgram.operation(RxProgram.CHECKSUM, flags, headerAt, shimAt + from));
        }
        case RxCheck.Bits(int offset, long mask, long value) -> {
          int inside = layer.receiveShim().length() - offset;
          if (offset < 0 || inside <= 0 || (inside < 8 && (mask << (8 * inside)) != 0)) {
            return refuse(check, layer, "its bits do not lie in the shim");
          }
          // In front of what has to sum up: it is cheap, and says more.
          operations.addFirst(RxProgram.bits(shimAt + offset, mask, value));
        }
        case RxCheck.Priority(int offset, var priorities) ->
            add(RxProgram.priority(shimAt + offset, priorities.toJavaMap()));
        case RxCheck.DropEligible(int offset, int bit) ->
            add(RxProgram.dropEligible(shimAt + offset, bit));
        case RxCheck.Sequence(int offset) -> {
          int number = sequences.number(layer.ifindex());
          boolean isSecond =
              operations.stream().anyMatch(o -> RxProgram.kind(o[0]) == RxProgram.SEQUENCE);
          if (number < 0 || isSecond) {
            return refuse(
                check,
                layer,
                isSecond
                    ? "one layer of a stack may have sequence numbers on receipt"
                    : SequenceStore.MOST + " tunnels have sequence numbers already");
          }
          add(RxProgram.operation(RxProgram.SEQUENCE, 0, shimAt + offset, number));
        }
      }
    }
    at += layer.receivedOverhead();
    return Either.right(true);
  }

  private void add(long operation) {
    operations.add(new long[] {operation});
  }

  private static int family(IpFamily family) {
    return family == IpFamily.V6 ? RxProgram.IS_6 : 0;
  }

  private static Either<EncapError, Boolean> refuse(RxCheck check, Layer layer, String why) {
    return Either.left(new Unsupported(check + " of " + layer.device(), why));
  }
}
