package io.culvert.spi;

/** Which way a packet crosses the tunnel's end, seen from us. */
public enum Direction {
  /** The peer's packets, which we pop. */
  RECEIVE,
  /** Our packets, which we push. */
  TRANSMIT;

  /** The other one. */
  public Direction opposite() {
    return this == RECEIVE ? TRANSMIT : RECEIVE;
  }
}
