package io.culvert.testkit.nft;

import io.culvert.wire.IpFamily;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which connection a packet belongs to, and what {@code ct state} says of it.
 *
 * <p>A connection is two addresses, a protocol, and ports or an echo identifier, as they come in
 * and as they go out. It is there once a packet of it was sent on; it is established once a packet
 * came back. TCP windows and states, and timeouts, are not modelled, except for which TCP segments
 * may begin a connection. Not for several threads.
 *
 * <p>A TCP or UDP packet that is invalid, for its checksum, is still one of its connection's, and
 * is translated: so Linux's flow table does it, in the captures. Its slow path would let the packet
 * pass untranslated, if {@code nf_conntrack_checksum} is on.
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

  private static final int ECHO_HEADER = 8;
  private static final int PORTS = 4;

  /** By what comes in, of both directions. */
  private final Map<ConnectionTuple, Connection> connections = new HashMap<>();

  /** By source as it comes in. */
  private final Map<ConnectionTuple, List<Connection>> bySource = new HashMap<>();

  ConnectionTracker() {}

  /** What there is to say of a packet, before it is judged. */
  Sighting see(PacketFields packet) {
    boolean isIcmp = packet.protocol() == (packet.family() == IpFamily.V4 ? ICMP : ICMPV6);
    boolean isDamaged = isDamaged(packet, isIcmp);
    if (isIcmp) {
      return isDamaged ? Sighting.of(CtState.INVALID) : icmp(packet);
    }
    int header = packet.protocol() == TCP ? 20 : packet.protocol() == UDP ? 8 : 0;
    ConnectionTuple tuple = packet.hasTransport(header) ? tuple(packet) : null;
    if (tuple == null) {
      return Sighting.of(CtState.INVALID);
    }
    if (!isDamaged) {
      return see(tuple, mayBegin(packet));
    }
    Connection known = connections.get(tuple);
    return new Sighting(CtState.INVALID, known, known != null && isReply(known, tuple), false);
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

  /** True if packets with this tuple belong to a connection already. */
  boolean isTaken(ConnectionTuple tuple) {
    return connections.containsKey(tuple);
  }

  /** Connections whose packets come from the same source, with the same protocol. */
  Iterable<Connection> withSource(ConnectionTuple tuple) {
    return bySource.getOrDefault(source(tuple), List.of());
  }

  private static ConnectionTuple source(ConnectionTuple tuple) {
    return tuple.with(false, tuple.from(), 0);
  }

  /** What answers to packets with this tuple come with; none if there is no such connection. */
  Option<ConnectionTuple> reply(ConnectionTuple tuple) {
    return Option.of(connections.get(tuple)).map(c -> isReply(c, tuple) ? c.original() : c.reply());
  }

  /**
   * The packet leaves: it makes the connection, if it is the first.
   *
   * @return false if another connection has its answers
   */
  boolean confirm(Sighting seen) {
    Connection connection = seen.connection();
    if (connection == null || connection.isConfirmed()) {
      return true;
    }
    if (isTaken(connection.original()) || isTaken(connection.reply())) {
      return false;
    }
    connections.put(connection.original(), connection);
    connections.put(connection.reply(), connection);
    bySource.computeIfAbsent(source(connection.original()), _ -> new ArrayList<>()).add(connection);
    connection.confirm();
    return true;
  }

  private static boolean isReply(Connection connection, ConnectionTuple tuple) {
    return !tuple.equals(connection.original());
  }

  private Sighting see(ConnectionTuple tuple, boolean mayBegin) {
    Connection known = connections.get(tuple);
    if (known == null) {
      return mayBegin
          ? new Sighting(CtState.NEW, new Connection(tuple), false, false)
          : Sighting.of(CtState.INVALID);
    }
    boolean isReply = isReply(known, tuple);
    if (isReply) {
      known.replied();
    }
    return new Sighting(
        known.isReplied() ? CtState.ESTABLISHED : CtState.NEW, known, isReply, false);
  }

  /** Null if the packet is too short to say. */
  private static @Nullable ConnectionTuple tuple(PacketFields packet) {
    boolean hasPorts = packet.protocol() == TCP || packet.protocol() == UDP;
    if (!hasPorts) {
      return new ConnectionTuple(packet.source(), packet.destination(), packet.protocol(), 0, 0);
    }
    return packet.hasTransport(PORTS)
        ? new ConnectionTuple(
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

  private Sighting icmp(PacketFields packet) {
    if (!packet.hasTransport(ECHO_HEADER)) {
      return Sighting.of(CtState.INVALID);
    }
    boolean v4 = packet.family() == IpFamily.V4;
    int type = packet.transport8(0);
    if (v4 ? ICMP_ERRORS.contains(type) : type < 128) {
      return error(packet);
    }
    if (!v4 && ICMPV6_UNTRACKED.contains(type)) {
      return Sighting.of(CtState.UNTRACKED);
    }
    boolean isRequest = type == (v4 ? 8 : 128);
    // An answer alone begins nothing.
    return isRequest || type == (v4 ? 0 : 129)
        ? see(echo(packet, isRequest), isRequest)
        : Sighting.of(CtState.INVALID);
  }

  /** The identifier is the port of the one who asks. */
  private static ConnectionTuple echo(PacketFields packet, boolean isRequest) {
    int id = packet.transport16(4);
    return new ConnectionTuple(
        packet.source(),
        packet.destination(),
        packet.protocol(),
        isRequest ? id : 0,
        isRequest ? 0 : id);
  }

  /**
   * An error is related to the connection of the packet that it quotes, and goes as an answer to
   * that would: to the same address ({@code nf_conntrack_inet_error}).
   */
  private Sighting error(PacketFields packet) {
    boolean v4 = packet.family() == IpFamily.V4;
    byte[] quoted = packet.behindTransport(ECHO_HEADER);
    if (quoted.length < packet.family().headerLength() || quoted[0] >> 4 != (v4 ? 4 : 6)) {
      return Sighting.of(CtState.INVALID);
    }
    PacketFields inner = new PacketFields(quoted, packet.family());
    boolean isEcho = inner.protocol() == packet.protocol() && inner.hasTransport(ECHO_HEADER);
    ConnectionTuple tuple =
        isEcho ? echo(inner, inner.transport8(0) == (v4 ? 8 : 128)) : tuple(inner);
    Connection known = tuple == null ? null : connections.get(tuple.reversed());
    return tuple == null || known == null || !tuple.from().equals(packet.destination())
        ? Sighting.of(CtState.INVALID)
        : new Sighting(CtState.RELATED, known, isReply(known, tuple.reversed()), true);
  }
}
