package io.culvert.flowtable;

import io.culvert.wire.IpProtocol;
import io.vavr.control.Option;
import java.time.Duration;

/**
 * After how long without a packet a flow expires of which its offer does not say so. As in Linux'
 * {@code nf_flowtable}, 30 seconds, unless told otherwise.
 *
 * <p>A TCP flow of whose connection a FIN or RST was seen waits for its next packet no longer than
 * {@code tcpClosing}, whatever its own timeout is.
 *
 * @param tcp of TCP flows, 1 millisecond to 24 days
 * @param udp of all others, 1 millisecond to 24 days
 * @param tcpClosing of TCP flows that are closing, 1 millisecond to 24 days
 */
public record Timeouts(Duration tcp, Duration udp, Duration tcpClosing) {
  /** Longest timeout: the table's clock of 32 bits can tell it. */
  public static final Duration LONGEST = Duration.ofDays(24);

  private static final Duration LEAST = Duration.ofMillis(1);

  /** Checks the ranges. */
  public Timeouts {
    check("tcp", tcp);
    check("udp", udp);
    check("tcpClosing", tcpClosing);
  }

  /** With 10 seconds for closing flows, as conntrack has behind a RST. */
  public Timeouts(Duration tcp, Duration udp) {
    this(tcp, udp, Duration.ofSeconds(10));
  }

  private static void check(String what, Duration timeout) {
    if (timeout.compareTo(LEAST) < 0 || timeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "timeouts: " + what + "=" + timeout + ", expected 1 ms to 24 days");
    }
  }

  /** 30 seconds for all, 10 for closing ones. */
  public static Timeouts defaults() {
    return new Timeouts(Duration.ofSeconds(30), Duration.ofSeconds(30));
  }

  /** Of a protocol. */
  public Duration of(int protocol) {
    return protocol == IpProtocol.TCP ? tcp : udp;
  }

  /**
   * Of one flow in milliseconds, rounded up: it must not expire early.
   *
   * @param own what its offer says
   * @return 0 for never
   */
  int millis(Option<Duration> own, int protocol) {
    return millis(own.isDefined() ? own.get() : of(protocol));
  }

  /** Of a flow that is closing, in the same way. */
  int closingMillis() {
    return millis(tcpClosing);
  }

  private static int millis(Duration timeout) {
    return (int) timeout.plusNanos(999_999).toMillis();
  }
}
