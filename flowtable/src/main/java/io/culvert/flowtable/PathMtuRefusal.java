package io.culvert.flowtable;

import io.culvert.wire.IpAddress;

/** Why {@link FlowTable#pathMtu} did not take what was learned. */
public sealed interface PathMtuRefusal {
  /** One sentence. */
  String message();

  /**
   * No link of that version has so small an MTU: the message was forged or damaged. RFC 8201 §4
   * discards it, for IPv4 RFC 791 §3.2 gives the limit.
   *
   * @param destination where the packets go
   * @param mtu what was learned, in bytes
   * @param least what was expected at least
   */
  record TooSmall(IpAddress destination, int mtu, int least) implements PathMtuRefusal {
    @Override
    public String message() {
      return "path MTU to " + destination + " is " + mtu + "; expected " + least + " or more";
    }
  }

  /**
   * Too many are known, which must expire or be forgotten first.
   *
   * @param destination where the packets go
   * @param most how many there may be
   */
  record TooMany(IpAddress destination, int most) implements PathMtuRefusal {
    @Override
    public String message() {
      return "path MTU to "
          + destination
          + ": "
          + most
          + " others are known, the most that are kept";
    }
  }
}
