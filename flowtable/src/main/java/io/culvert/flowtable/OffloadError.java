package io.culvert.flowtable;

import io.culvert.path.PathError;
import io.culvert.spi.EncapError;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.collection.Seq;

/** Why a flow stays on the slow path: the facts as values, a sentence only when printed. */
public sealed interface OffloadError {
  /** One sentence. */
  String message();

  /**
   * A protocol that has no flows.
   *
   * @param family version of the IP header
   * @param protocol IP protocol
   * @param withoutPorts the protocols of this family that have, besides TCP and UDP
   */
  record Protocol(IpFamily family, int protocol, Seq<Integer> withoutPorts)
      implements OffloadError {
    @Override
    public String message() {
      return "protocol "
          + protocol
          + " is not offloaded over "
          + (family == IpFamily.V4 ? "IPv4" : "IPv6")
          + "; expected 6 (TCP)"
          + (withoutPorts.isEmpty()
              ? " or 17 (UDP)"
              : withoutPorts.mkString(", 17 (UDP) or, without ports, ", ", ", ""));
    }
  }

  /**
   * Ports of a protocol that has none.
   *
   * @param protocol IP protocol
   * @param sourcePort the source port, or what stands for it
   * @param destinationPort the destination port
   */
  record Ports(int protocol, int sourcePort, int destinationPort) implements OffloadError {
    @Override
    public String message() {
      return "protocol "
          + protocol
          + " has no ports: expected 0 and 0, got "
          + sourcePort
          + " and "
          + destinationPort;
    }
  }

  /**
   * An address that is not another host's unicast address.
   *
   * @param address the address
   * @param kind what it is
   */
  record NotUnicast(String address, String kind) implements OffloadError {
    @Override
    public String message() {
      return address + " is " + kind;
    }
  }

  /**
   * No way out for a direction.
   *
   * @param direction "original" or "reply"
   * @param error what is missing
   */
  record NoPath(String direction, PathError error) implements OffloadError {
    @Override
    public String message() {
      return direction + ": " + error.message();
    }
  }

  /**
   * The way's headers cannot be composed.
   *
   * @param direction "original" or "reply"
   * @param error what stands against it
   */
  record NotComposable(String direction, EncapError error) implements OffloadError {
    @Override
    public String message() {
      return direction + ": " + error.message();
    }
  }

  /**
   * A port on the way is not a port of the table.
   *
   * @param port its name
   */
  record ForeignPort(String port) implements OffloadError {
    @Override
    public String message() {
      return port + " is not a port of the flow table";
    }
  }

  /**
   * The way back does not leave by the device that the flow came in by.
   *
   * @param source the flow's source
   * @param ingress name of the device that it came in by
   * @param egress name of the device that its route leads to
   */
  record Asymmetric(IpAddress source, String ingress, String egress) implements OffloadError {
    @Override
    public String message() {
      return "the flow came in by "
          + ingress
          + ", but the route to "
          + source
          + " leads to "
          + egress;
    }
  }

  /**
   * Another flow has the key of one of the directions.
   *
   * @param tuple that direction's tuple
   */
  record KeyTaken(FlowTuple tuple) implements OffloadError {
    @Override
    public String message() {
      return "another flow has the key of " + tuple;
    }
  }

  /** Both directions would have one key. */
  record SelfConnected() implements OffloadError {
    @Override
    public String message() {
      return "both directions have the same key";
    }
  }

  /**
   * The table is full.
   *
   * @param what flows, templates, or the index around one hash
   * @param most how many fit
   */
  record TableFull(String what, long most) implements OffloadError {
    @Override
    public String message() {
      return "no room: " + what + ", most " + most;
    }
  }
}
