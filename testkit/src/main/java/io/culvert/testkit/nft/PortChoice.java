package io.culvert.testkit.nft;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpPrefix;
import io.vavr.control.Option;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * The choice of an address and a port for a new connection, so that no two connections become one:
 * Linux's {@code get_unique_tuple}. A source port stays what it is if it is free. Where Linux would
 * take any free port by chance, it is the next one here.
 */
final class PortChoice {
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;

  private final ConnectionTracker connections;

  /**
   * What a rule allows.
   *
   * @param least first address
   * @param most last address
   * @param ports ports; none to keep the port if it is free
   */
  record Range(IpAddress least, IpAddress most, Option<Operand.Numbers> ports) {
    static Range of(IpAddress address) {
      return new Range(address, address, Option.none());
    }

    boolean has(IpAddress address, int port) {
      return Arrays.compareUnsigned(least.bytes(), address.bytes()) <= 0
          && Arrays.compareUnsigned(address.bytes(), most.bytes()) <= 0
          && ports.forAll(p -> p.fits(port));
    }

    /** The same one for a connection's ends, whatever its ports. */
    IpAddress address(ConnectionTuple tuple) {
      BigInteger first = new BigInteger(1, least.bytes());
      BigInteger size = new BigInteger(1, most.bytes()).subtract(first).add(BigInteger.ONE);
      int hash = 31 * tuple.from().hashCode() + tuple.to().hashCode();
      byte[] number = first.add(BigInteger.valueOf(hash).mod(size)).toByteArray();
      byte[] bytes = new byte[least.bytes().length];
      for (int i = 1; i <= Math.min(bytes.length, number.length); i++) {
        bytes[bytes.length - i] = number[number.length - i];
      }
      return IpAddress.of(bytes);
    }
  }

  /** The addresses of an operand, with ports. */
  static Range range(Operand operand, Option<Operand.Numbers> ports) {
    return switch (operand) {
      case Operand.Prefix(IpPrefix(IpAddress address, int _)) -> new Range(address, address, ports);
      case Operand.Range(IpAddress least, IpAddress most) -> new Range(least, most, ports);
      default -> throw new IllegalArgumentException("no address: " + operand);
    };
  }

  PortChoice(ConnectionTracker connections) {
    this.connections = connections;
  }

  /**
   * What a connection's packets go out with.
   *
   * @param now what they go out with so far
   * @param isSource true to translate their source
   * @param range what is allowed; if nothing of it is free, something of it that is not
   */
  ConnectionTuple choose(ConnectionTuple now, boolean isSource, Range range) {
    if (isSource && range.has(now.from(), now.fromPort())) {
      if (isFree(now)) {
        return now;
      }
    } else if (isSource) {
      // One host's port has one mapping, whatever it talks to.
      for (Connection other : connections.withSource(now)) {
        ConnectionTuple same = now.with(true, other.out().from(), other.out().fromPort());
        if (range.has(same.from(), same.fromPort()) && isFree(same)) {
          return same;
        }
      }
    }
    ConnectionTuple moved = now.with(isSource, range.address(now), now.port(isSource));
    boolean isFixed = range.ports().exists(p -> p.least() == p.most());
    boolean isAllowed = range.ports().forAll(p -> p.fits(moved.port(isSource)));
    if (isAllowed && (isFixed || isFree(moved))) {
      return moved;
    }
    boolean isEcho = now.protocol() == ICMP || now.protocol() == ICMPV6;
    boolean hasPorts = now.protocol() == TCP || now.protocol() == UDP;
    return hasPorts && (isSource || range.ports().isDefined())
        ? free(moved, isSource, range.ports().getOrElse(() -> around(moved.fromPort())))
        : isEcho && isSource ? free(moved, true, new Operand.Numbers(0, 0xffff)) : moved;
  }

  private boolean isFree(ConnectionTuple out) {
    return !connections.isTaken(out.reversed());
  }

  /** Ports of the same kind: privileged ones stay privileged. */
  private static Operand.Numbers around(int port) {
    return port < 512
        ? new Operand.Numbers(1, 511)
        : port < 1024 ? new Operand.Numbers(600, 1023) : new Operand.Numbers(1024, 0xffff);
  }

  private ConnectionTuple free(ConnectionTuple tuple, boolean isSource, Operand.Numbers ports) {
    int size = ports.most() - ports.least() + 1;
    int start = ports.fits(tuple.port(isSource)) ? tuple.port(isSource) - ports.least() : 0;
    ConnectionTuple tried = tuple;
    for (int i = 0; i < size; i++) {
      int port = ports.least() + (start + i) % size;
      tried = tuple.with(isSource, tuple.address(isSource), port);
      if (isFree(tried)) {
        return tried;
      }
    }
    return tried;
  }
}
