package io.culvert.flowtable;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.IpProtocol;

/**
 * The 5-tuple of one direction of a flow; of a protocol without ports, what is left of it.
 *
 * @param source source address
 * @param destination destination address, of the same family
 * @param protocol IP protocol: 6 (TCP), 17 (UDP), or one whose packets a provider lets pass through
 *     as flows of their own ({@link io.culvert.spi.Transit})
 * @param sourcePort 0..65535; 0 of a protocol without ports
 * @param destinationPort 0..65535; 0 of a protocol without ports
 */
public record FlowTuple(
    IpAddress source, IpAddress destination, int protocol, int sourcePort, int destinationPort) {

  /** Checks families and ranges. */
  public FlowTuple {
    if (source.family() != destination.family()
        || (protocol & ~0xff) != 0
        || (sourcePort & ~0xffff) != 0
        || (destinationPort & ~0xffff) != 0) {
      throw new IllegalArgumentException(
          "tuple: source="
              + source
              + " destination="
              + destination
              + " protocol="
              + protocol
              + " ports="
              + sourcePort
              + ","
              + destinationPort);
    }
  }

  /** The family. */
  public IpFamily family() {
    return source.family();
  }

  /** The other direction. */
  public FlowTuple reversed() {
    return new FlowTuple(destination, source, protocol, destinationPort, sourcePort);
  }

  @Override
  public String toString() {
    boolean hasPorts = protocol == IpProtocol.TCP || protocol == IpProtocol.UDP;
    String name = protocol == IpProtocol.TCP ? "tcp " : "udp ";
    return hasPorts || (sourcePort | destinationPort) != 0
        ? (hasPorts ? name : "protocol " + protocol + " ")
            + source
            + " "
            + sourcePort
            + " -> "
            + destination
            + " "
            + destinationPort
        : "protocol " + protocol + " " + source + " -> " + destination;
  }
}
