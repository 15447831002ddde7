package io.culvert.spi;

import io.culvert.wire.IpFamily;

/**
 * What announces a shim: a number in a header that the framework owns. A provider claims carriers;
 * one carrier has one owner.
 */
public sealed interface Carrier {

  /**
   * The shim follows an EtherType.
   *
   * @param number 0x0600..0xffff
   * @param byPeer true if a layer belongs to one other station: the source MAC address of the
   *     Ethernet header in front is then part of what identifies it ({@link EncapTuple#peer})
   */
  record EtherTypeCarrier(int number, boolean byPeer) implements Carrier {
    /** Checks the range. */
    public EtherTypeCarrier {
      check("EtherType", number, 0x0600, 0xffff);
    }

    @Override
    public String toString() {
      return String.format("EtherType 0x%04x", number);
    }
  }

  /**
   * The shim follows an IP header.
   *
   * @param family version of the outer header
   * @param number protocol or next header, 0..255
   */
  record IpProtocolCarrier(IpFamily family, int number) implements Carrier {
    /** Checks the range. */
    public IpProtocolCarrier {
      check("IP protocol", number, 0, 255);
    }

    @Override
    public String toString() {
      return (family == IpFamily.V4 ? "IPv4" : "IPv6") + " protocol " + number;
    }
  }

  /**
   * The shim follows a UDP header.
   *
   * @param family version of the outer IP header
   * @param number destination port, 1..65535
   */
  record UdpPortCarrier(IpFamily family, int number) implements Carrier {
    /** Checks the range. */
    public UdpPortCarrier {
      check("UDP port", number, 1, 65535);
    }

    @Override
    public String toString() {
      return (family == IpFamily.V4 ? "IPv4" : "IPv6") + " UDP port " + number;
    }
  }

  /** A carrier by EtherType. */
  static Carrier etherType(int number) {
    return new EtherTypeCarrier(number, false);
  }

  /** A carrier by EtherType whose layers each belong to one other station. */
  static Carrier etherTypeByPeer(int number) {
    return new EtherTypeCarrier(number, true);
  }

  /** A carrier by IP protocol number over an outer header of the given family. */
  static Carrier ipProtocol(IpFamily family, int number) {
    return new IpProtocolCarrier(family, number);
  }

  /** A carrier by UDP destination port over an outer header of the given family. */
  static Carrier udpPort(IpFamily family, int number) {
    return new UdpPortCarrier(family, number);
  }

  private static void check(String what, int number, int least, int most) {
    if (number < least || number > most) {
      throw new IllegalArgumentException(what + ": number=" + number);
    }
  }
}
