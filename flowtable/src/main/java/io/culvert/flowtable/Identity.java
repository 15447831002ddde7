package io.culvert.flowtable;

import io.culvert.flowtable.table.PacketState;
import io.culvert.wire.IpFamily;

/**
 * What packets that come in by one way have in common, as the keys of entries have it.
 *
 * @param family their IP version
 * @param port the port that they come in by
 * @param layers the number of their tunnels, or what stands for it
 * @param encap interned number or digest of their tunnel stack, or its only word; 0 without tunnel
 */
record Identity(IpFamily family, int port, int layers, long encap) {
  /** The second word of a key. */
  long portsWord(FlowTuple tuple) {
    int ports = tuple.sourcePort() << 16 | tuple.destinationPort();
    return PacketState.portsWord(ports, tuple.protocol(), layers, port);
  }
}
