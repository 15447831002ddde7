package io.culvert.testkit.gen;

import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;

/** IP headers as nobody should send them. */
final class OddHeaders {
  static final String[] SOURCES = {
    "10.0.0.1",
    "127.0.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "10.200.0.1",
    "198.18.0.1",
    "10.0.0.255"
  };
  private static final String[] SOURCES_6 = {
    "2001:db8:0::1", "::1", "::", "ff02::1", "2001:db8:200:0::1", "2001:db8:77::1", "fe80::1"
  };

  private OddHeaders() {}

  /** Addresses of which at least one is not a tunnel's. */
  static Addresses other(Addresses old, int value) {
    boolean isV4 = old.source().family() == IpFamily.V4;
    String[] sources = isV4 ? SOURCES : SOURCES_6;
    IpAddress odd = AddressPlan.address(sources[value / 2 % sources.length]);
    IpAddress own = AddressPlan.address(isV4 ? "10.0.1.1" : "2001:db8:1::1");
    IpAddress gateway = AddressPlan.address(isV4 ? "10.0.1.2" : "2001:db8:1::2");
    return switch (value % 4) {
      case 0 -> new Addresses(odd, old.destination());
      case 1 -> new Addresses(old.source(), own);
      case 2 -> old.reversed();
      default -> new Addresses(gateway, old.destination());
    };
  }

  /** Options of all kinds: none that matter, record route, time stamp, source route, nonsense. */
  static byte[] withOptions(byte[] packet, int value) {
    int[][] kinds = {
      {1, 1, 1, 0},
      {7, 7, 4, 0, 0, 0, 0, 0},
      {0x94, 4, 0, 0},
      {131, 7, 4, 10, 0, 0, 10, 0},
      {68, 8, 5, 0, 0, 0, 0, 0},
      {0x12, 0x34, 0x56, 0x78}
    };
    int[] option = kinds[value % kinds.length];
    byte[] longer = new byte[packet.length + option.length];
    System.arraycopy(packet, 0, longer, 0, 20);
    for (int i = 0; i < option.length; i++) {
      longer[20 + i] = (byte) option[i];
    }
    System.arraycopy(packet, 20, longer, 20 + option.length, packet.length - 20);
    longer[0] = (byte) (0x45 + option.length / 4);
    PlainFrames.put16(longer, 2, longer.length);
    PlainFrames.fixHeaderChecksum(longer, 0);
    return longer;
  }
}
