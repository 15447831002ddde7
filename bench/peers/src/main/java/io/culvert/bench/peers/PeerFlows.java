package io.culvert.bench.peers;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The flows and frames of {@code culvert slice}: 16 ports a client, flow f in tunnel f mod tunnels,
 * 64-byte frames, pseudo-random order; and a flow table as one would write it.
 */
final class PeerFlows {
  /** The near end of all tunnels. */
  static final int NEAR_END = 0xc0a80101;

  /** eth0, then the client's gateway behind it. */
  static final byte[] CLIENT_MACS = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0x0a};

  /** eth1. */
  static final byte[] UNDERLAY_MAC = {2, 0, 0, 0, 0, 0x11};

  /** The gateway behind eth1. */
  static final byte[] GATEWAY_MAC = {2, 0, 0, 0, 0, 0x12};

  private static final int FRAME = 64;
  private static final int IP = 14;
  private static final int SERVER_PORT = 80;
  private static final int LEAST_ORDER = 1 << 20;

  /**
   * What tells flows apart.
   *
   * @param ports source and destination port
   */
  record Key(int source, int destination, int ports, int protocol) {}

  /** A flow. */
  static final class Flow {
    /** The far end of its tunnel. */
    final int farEnd;

    long packets;
    long bytes;

    Flow(int farEnd) {
      this.farEnd = farEnd;
    }
  }

  private final int count;
  private final int tunnels;
  private final int[] order;
  private final short[] checksums;
  private final Map<Key, Flow> table;
  private final byte[] frame = new byte[FRAME];
  private final ByteBuffer words = ByteBuffer.wrap(frame);

  PeerFlows(int count, int tunnels) {
    this.count = count;
    this.tunnels = tunnels;
    order = order(count);
    checksums = new short[count];
    table = HashMap.newHashMap(count);
    for (int flow = 0; flow < count; flow++) {
      write(flow);
      checksums[flow] = checksum();
      table.put(
          new Key(client(flow), server(flow), clientPort(flow) << 16 | SERVER_PORT, 17),
          new Flow(farEnd(flow % tunnels)));
    }
  }

  private static int[] order(int flows) {
    int length = LEAST_ORDER;
    while (length < 2L * flows) {
      length <<= 1;
    }
    int[] order = new int[length];
    long x = 88172645463325252L;
    for (int i = 0; i < length; i++) {
      x ^= x << 13;
      x ^= x >>> 7;
      x ^= x << 17;
      order[i] = (int) Long.remainderUnsigned(x >>> 20, flows);
    }
    return order;
  }

  private static int client(int flow) {
    return 0x0a000000 + (flow >>> 4);
  }

  private static int clientPort(int flow) {
    return 1024 + (flow & 15) * 16;
  }

  private int server(int flow) {
    return 0xc6120001 + flow % tunnels;
  }

  private static int farEnd(int tunnel) {
    return tunnel == 0 ? 0xc0a80102 : 0xac100000 + tunnel;
  }

  /** The number of flows. */
  int count() {
    return count;
  }

  /** A flow by its key; null if there is none. */
  Flow find(Key key) {
    return table.get(key);
  }

  /** The frame that comes at a place of the order. */
  byte[] next(long number) {
    return write(order[(int) number & order.length - 1]);
  }

  /** The frame of a flow; valid until the next one is written. */
  byte[] write(int flow) {
    System.arraycopy(CLIENT_MACS, 0, frame, 0, 12);
    words.putShort(12, (short) 0x0800);
    words.putInt(IP, 0x4500 << 16 | FRAME - IP);
    words.putInt(IP + 4, 0);
    words.putInt(IP + 8, (64 << 8 | 17) << 16 | checksums[flow] & 0xffff);
    words.putInt(IP + 12, client(flow));
    words.putInt(IP + 16, server(flow));
    words.putInt(IP + 20, clientPort(flow) << 16 | SERVER_PORT);
    words.putInt(IP + 24, (FRAME - IP - 20) << 16);
    return frame;
  }

  /** Of the frame's IP header, whose checksum field is 0. */
  private short checksum() {
    int sum = 0;
    for (int at = IP; at < IP + 20; at += 2) {
      sum += words.getShort(at) & 0xffff;
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    return (short) ~(sum + (sum >>> 16));
  }
}
