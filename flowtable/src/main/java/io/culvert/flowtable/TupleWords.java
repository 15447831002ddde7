package io.culvert.flowtable;

import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.Translation;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;

/** From a 5-tuple to the words of a key, and back. */
final class TupleWords {
  private static final long LOW_HALF = 0xffff_ffffL;

  private TupleWords() {}

  /** Both addresses: one word (IPv4) or four (IPv6). */
  static long[] addresses(FlowTuple tuple) {
    if (tuple.source() instanceof Ipv4Address(int source)
        && tuple.destination() instanceof Ipv4Address(int destination)) {
      return new long[] {((long) source << 32) | (destination & LOW_HALF)};
    }
    Ipv6Address source = (Ipv6Address) tuple.source();
    Ipv6Address destination = (Ipv6Address) tuple.destination();
    return new long[] {source.high(), source.low(), destination.high(), destination.low()};
  }

  /** Both ports. */
  static int ports(FlowTuple tuple) {
    return tuple.sourcePort() << 16 | tuple.destinationPort();
  }

  /** True if addresses or ports of a flow's packets are translated. */
  static boolean isTranslated(FlowTuple tuple, FlowTuple reply) {
    return tuple.sourcePort() != reply.destinationPort()
        || tuple.destinationPort() != reply.sourcePort()
        || !tuple.source().equals(reply.destination())
        || !tuple.destination().equals(reply.source());
  }

  /** What happens to packets of a tuple, as an entry has it: they go out as answers come in. */
  static int translation(FlowTuple tuple, FlowTuple reply) {
    if (!isTranslated(tuple, reply)) {
      return 0;
    }
    FlowTuple out = reply.reversed();
    return Translation.word(addresses(tuple), ports(tuple), addresses(out), ports(out));
  }

  /** The tuple in an entry's key. */
  static FlowTuple tuple(FlowStore store, IpFamily family, int entry) {
    long at = store.at(entry);
    long ports = store.entries().get(FlowStore.LONG, at + FlowStore.PORTS_OFFSET);
    return new FlowTuple(
        address(store, family, at + FlowStore.ADDRESSES_OFFSET, 0),
        address(store, family, at + FlowStore.ADDRESSES_OFFSET, 1),
        (int) (ports >>> 24) & 0xff,
        (int) (ports >>> 48),
        (int) (ports >>> 32) & 0xffff);
  }

  private static IpAddress address(FlowStore store, IpFamily family, long at, int which) {
    if (family == IpFamily.V4) {
      long both = store.entries().get(FlowStore.LONG, at);
      return new Ipv4Address((int) (which == 0 ? both >>> 32 : both));
    }
    return new Ipv6Address(
        store.entries().get(FlowStore.LONG, at + 16L * which),
        store.entries().get(FlowStore.LONG, at + 16L * which + 8));
  }
}
