package io.culvert.flowtable;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;

/**
 * The 5-tuple of one direction of a flow.
 *
 * @param source source address
 * @param destination destination address, of the same family
 * @param protocol IP protocol: 6 (TCP) or 17 (UDP)
 * @param sourcePort 0..65535
 * @param destinationPort 0..65535
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
    return (protocol == 6 ? "tcp " : protocol == 17 ? "udp " : "protocol " + protocol + " ")
        + source
        + " "
        + sourcePort
        + " -> "
        + destination
        + " "
        + destinationPort;
  }
}
