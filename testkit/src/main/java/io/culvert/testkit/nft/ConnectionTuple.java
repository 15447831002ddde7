package io.culvert.testkit.nft;

import io.culvert.wire.IpAddress;

/**
 * What tells a connection's packets of one direction.
 *
 * @param from source address
 * @param to destination address
 * @param protocol IP protocol
 * @param fromPort source port; the identifier of an echo request; 0 where there is none
 * @param toPort destination port; the identifier of an echo reply; 0 where there is none
 */
record ConnectionTuple(IpAddress from, IpAddress to, int protocol, int fromPort, int toPort) {
  ConnectionTuple reversed() {
    return new ConnectionTuple(to, from, protocol, toPort, fromPort);
  }

  /** With another source or destination. */
  ConnectionTuple with(boolean isSource, IpAddress address, int port) {
    return isSource
        ? new ConnectionTuple(address, to, protocol, port, toPort)
        : new ConnectionTuple(from, address, protocol, fromPort, port);
  }

  IpAddress address(boolean isSource) {
    return isSource ? from : to;
  }

  int port(boolean isSource) {
    return isSource ? fromPort : toPort;
  }

  /** True if source or destination are the same. */
  boolean hasSame(boolean isSource, ConnectionTuple other) {
    return address(isSource).equals(other.address(isSource))
        && port(isSource) == other.port(isSource);
  }
}
