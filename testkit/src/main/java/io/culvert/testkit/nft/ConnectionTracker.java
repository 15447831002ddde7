package io.culvert.testkit.nft;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ct state} says of a packet, and no more of connection tracking than that.
 *
 * <p>A connection is two addresses, a protocol, and ports or an echo identifier. It is there once a
 * packet of it was accepted; it is established once a packet came back. TCP windows and states, and
 * timeouts, are not modelled, except for which TCP segments may begin a connection. Not for several
 * threads.
 */
final class ConnectionTracker {
  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMPV6 = 58;

  private static final int FIN = 1;
  private static final int SYN = 2;
  private static final int RST = 4;
  private static final int ACK = 16;

  /** Unreachable, source quench, redirect, time exceeded, parameter problem. */
  private static final Set<Integer> ICMP_ERRORS = Set.of(3, 4, 5, 11, 12);

  /** Neighbour and group messages: {@code nf_conntrack} leaves them alone (untracked). */
  private static final Set<Integer> ICMPV6_UNTRACKED =
      Set.of(130, 131, 132, 133, 134, 135, 136, 143);

  private record Tuple(IpAddress from, IpAddress to, int protocol, int fromPort, int toPort) {
    Tuple reversed() {
      return new Tuple(to, from, protocol, toPort, fromPort);
    }
  }

  private static final class Connection {
    private boolean isReplied;
  }

  /** By the tuple of the first packet. */
  private final Map<Tuple, Connection> connections = new HashMap<>();

  private @Nullable Tuple pending;

  ConnectionTracker() {}

  /** The state of a packet, before it is judged. */
  CtState see(PacketFields packet) {
    pending = null;
    boolean isIcmp = packet.protocol() == (packet.family() == IpFamily.V4 ? ICMP : ICMPV6);
    if (isDamaged(packet, isIcmp)) {
      return CtState.INVALID;
    }
    if (isIcmp) {
      return icmp(packet);
    }
    Tuple tuple = tuple(packet);
    return tuple == null ? CtState.INVALID : see(tuple, mayBegin(packet));
  }

  /** {@code nf_conntrack_checksum}: a UDP checksum of 0 is none. */
  private static boolean isDamaged(PacketFields packet, boolean isIcmp) {
    return switch (packet.protocol()) {
      case TCP -> packet.hasTransport(20) && !packet.isChecksumRight(true);
      case UDP ->
          packet.hasTransport(8) && packet.transport16(6) != 0 && !packet.isChecksumRight(true);
      default ->
          isIcmp
              && packet.hasTransport(8)
              && !packet.isChecksumRight(packet.family() == IpFamily.V6);
    };
  }

  /** The packet just seen was accepted: it makes the connection, if it is the first. */
  void confirm() {
    if (pending != null) {
      connections.putIfAbsent(pending, new Connection());
    }
  }

  private CtState see(Tuple tuple, boolean mayBegin) {
    Connection forward = connections.get(tuple);
    if (forward != null) {
      return forward.isReplied ? CtState.ESTABLISHED : CtState.NEW;
    }
    Connection back = connections.get(tuple.reversed());
    if (back != null) {
      back.isReplied = true;
      return CtState.ESTABLISHED;
    }
    if (!mayBegin) {
      return CtState.INVALID;
    }
    pending = tuple;
    return CtState.NEW;
  }

  /** Null if the packet is too short to say. */
  private static @Nullable Tuple tuple(PacketFields packet) {
    boolean hasPorts = packet.protocol() == TCP || packet.protocol() == UDP;
    if (!hasPorts) {
      return new Tuple(packet.source(), packet.destination(), packet.protocol(), 0, 0);
    }
    return packet.hasTransport(4)
        ? new Tuple(
            packet.source(),
            packet.destination(),
            packet.protocol(),
            packet.transport16(0),
            packet.transport16(2))
        : null;
  }

  /** {@code nf_conntrack_tcp_loose}: a connection may be picked up with any plain ACK. */
  private static boolean mayBegin(PacketFields packet) {
    if (packet.protocol() != TCP) {
      return packet.protocol() != UDP || packet.hasTransport(8);
    }
    if (!packet.hasTransport(20)) {
      return false;
    }
    int flags = packet.transport8(13);
    if ((flags & SYN) != 0) {
      return (flags & (ACK | RST | FIN)) == 0;
    }
    return (flags & (FIN | RST)) == 0 && (flags & ACK) != 0;
  }

  private CtState icmp(PacketFields packet) {
    if (!packet.hasTransport(8)) {
      return CtState.INVALID;
    }
    boolean v4 = packet.family() == IpFamily.V4;
    int type = packet.transport8(0);
    if (v4 ? ICMP_ERRORS.contains(type) : type < 128) {
      return error(packet);
    }
    if (!v4 && ICMPV6_UNTRACKED.contains(type)) {
      return CtState.UNTRACKED;
    }
    int request = v4 ? 8 : 128;
    int reply = v4 ? 0 : 129;
    // The request's tuple, seen from either end: an answer alone begins nothing.
    int id = packet.transport16(4);
    Tuple tuple =
        type == reply
            ? new Tuple(packet.source(), packet.destination(), packet.protocol(), 0, id)
            : new Tuple(packet.source(), packet.destination(), packet.protocol(), id, 0);
    return type == request || type == reply ? see(tuple, type == request) : CtState.INVALID;
  }

  /** An error is related to the connection of the packet that it quotes. */
  private CtState error(PacketFields packet) {
    byte[] quoted = packet.behindTransport(8);
    if (quoted.length < packet.family().headerLength()
        || quoted[0] >> 4 != (packet.family() == IpFamily.V4 ? 4 : 6)) {
      return CtState.INVALID;
    }
    PacketFields inner = new PacketFields(quoted, packet.family());
    Tuple tuple;
    if (inner.protocol() == packet.protocol() && inner.hasTransport(8)) {
      tuple =
          new Tuple(inner.source(), inner.destination(), inner.protocol(), inner.transport16(4), 0);
    } else {
      tuple = tuple(inner);
    }
    boolean isKnown =
        tuple != null
            && (connections.containsKey(tuple) || connections.containsKey(tuple.reversed()));
    return isKnown ? CtState.RELATED : CtState.INVALID;
  }
}
