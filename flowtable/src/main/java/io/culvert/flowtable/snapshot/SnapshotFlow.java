package io.culvert.flowtable.snapshot;

import io.culvert.flowtable.FlowCounters;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.status.FlowStatus;
import io.culvert.wire.IpProtocol;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A flow as a snapshot has it: what identifies it and what it did, nothing of its ways, which are
 * found anew.
 *
 * @param tuple the original direction's tuple
 * @param replyTuple the reply direction's tuple; the reversed one if nothing is translated
 * @param device name of the device by which the original direction reaches the IP layer, 1..65,535
 *     bytes of UTF-8
 * @param isClosing true if the end of its TCP connection was seen; false of other protocols
 * @param idleTimeout zero for never; whole milliseconds, at most 24 days
 * @param counters what was forwarded, each 0..2^62
 * @param ageMs milliseconds since it was first taken, 0..2^53
 * @param idleMs milliseconds since its last packet, 0..2^32-1
 */
public record SnapshotFlow(
    FlowTuple tuple,
    FlowTuple replyTuple,
    String device,
    boolean isClosing,
    Duration idleTimeout,
    FlowCounters counters,
    long ageMs,
    long idleMs) {
  /** Longest name of a device in bytes. */
  static final int MAX_NAME = 0xffff;

  /** Highest counter: one that goes on from there does not overflow. */
  static final long MAX_COUNT = 1L << 62;

  /** Highest age. */
  static final long MAX_AGE_MS = 1L << 53;

  /** Longest idle time. */
  static final long MAX_IDLE_MS = 0xffff_ffffL;

  /** Longest idle timeout. */
  static final long MAX_TIMEOUT_MS = Duration.ofDays(24).toMillis();

  /** Checks the ranges. */
  public SnapshotFlow {
    check("device", utf8(device).length, 1, MAX_NAME);
    check("idleTimeout", idleTimeout.toMillis(), 0, MAX_TIMEOUT_MS);
    check("ageMs", ageMs, 0, MAX_AGE_MS);
    check("idleMs", idleMs, 0, MAX_IDLE_MS);
    check("originalPackets", counters.originalPackets(), 0, MAX_COUNT);
    check("originalBytes", counters.originalBytes(), 0, MAX_COUNT);
    check("replyPackets", counters.replyPackets(), 0, MAX_COUNT);
    check("replyBytes", counters.replyBytes(), 0, MAX_COUNT);
    if (replyTuple.family() != tuple.family() || replyTuple.protocol() != tuple.protocol()) {
      throw new IllegalArgumentException(
          "snapshot flow: tuple=" + tuple + " replyTuple=" + replyTuple);
    }
    if (isClosing && tuple.protocol() != IpProtocol.TCP) {
      throw new IllegalArgumentException("snapshot flow: isClosing=true tuple=" + tuple);
    }
  }

  private static void check(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException("snapshot flow: " + what + "=" + value);
    }
  }

  /** The name's bytes. */
  static byte[] utf8(String name) {
    try {
      // Strict: with question marks in it a name would be another one.
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
      byte[] utf8 = new byte[bytes.remaining()];
      bytes.get(utf8);
      return utf8;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("snapshot flow: device=" + name, e);
    }
  }

  /** What of a flow's status goes into a snapshot. */
  static SnapshotFlow of(FlowStatus status) {
    return new SnapshotFlow(
        status.flow().tuple(),
        status.reply().tuple(),
        status.ingressDevice(),
        status.isClosing(),
        status.flow().idleTimeout(),
        new FlowCounters(
            Math.clamp(status.counters().originalPackets(), 0, MAX_COUNT),
            Math.clamp(status.counters().originalBytes(), 0, MAX_COUNT),
            Math.clamp(status.counters().replyPackets(), 0, MAX_COUNT),
            Math.clamp(status.counters().replyBytes(), 0, MAX_COUNT)),
        Math.clamp(status.ageMs(), 0, MAX_AGE_MS),
        Math.clamp(status.idleMs(), 0, MAX_IDLE_MS));
  }
}
