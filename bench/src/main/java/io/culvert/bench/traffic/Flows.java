package io.culvert.bench.traffic;

import io.culvert.flowtable.FlowTuple;
import io.culvert.wire.IpProtocol;
import io.culvert.wire.Ipv4Address;

/**
 * UDP flows from clients to the servers behind the tunnels, numbered from 0: 16 ports a client, as
 * in the C program that the figures are held against.
 *
 * @param count how many
 * @param tunnels tunnels that they are spread over in turn
 * @param isTranslated true if each client is seen with another address and port from outside
 */
public record Flows(int count, int tunnels, boolean isTranslated) {
  /** Port of all servers. */
  public static final int SERVER_PORT = 80;

  /** Most flows: 16 ports of every address of the clients' network. */
  public static final int MOST = 1 << 28;

  private static final int OUTSIDE_NETWORK = 0x64000000;
  private static final int HOST = 0x00ff_ffff;

  /** Checks the ranges. */
  public Flows {
    if (count < 1 || count > MOST || tunnels < 1) {
      throw new IllegalArgumentException("flows: count=" + count + " tunnels=" + tunnels);
    }
  }

  /** Flows without translation. */
  public Flows(int count, int tunnels) {
    this(count, tunnels, false);
  }

  /** Client's address. */
  public static int client(int flow) {
    return 0x0a000000 + (flow >>> 4);
  }

  /** Client's port. */
  public static int clientPort(int flow) {
    return 1024 + (flow & 15) * 16;
  }

  /** The address that servers know the client by. */
  public int outside(int flow) {
    return isTranslated ? OUTSIDE_NETWORK | (client(flow) & HOST) : client(flow);
  }

  /** The port that servers know the client by. */
  public int outsidePort(int flow) {
    return isTranslated ? clientPort(flow) + 1 : clientPort(flow);
  }

  /** The tunnel that a flow goes through. */
  public int tunnel(int flow) {
    // A division costs as much as half the frame's writing.
    return (tunnels & (tunnels - 1)) == 0 ? flow & (tunnels - 1) : flow % tunnels;
  }

  /** The flow from the client's side. */
  public FlowTuple tuple(int flow) {
    return new FlowTuple(
        new Ipv4Address(client(flow)),
        new Ipv4Address(Topology.server(tunnel(flow))),
        IpProtocol.UDP,
        clientPort(flow),
        SERVER_PORT);
  }

  /** What the server sends. */
  public FlowTuple replyTuple(int flow) {
    return new FlowTuple(
        new Ipv4Address(Topology.server(tunnel(flow))),
        new Ipv4Address(outside(flow)),
        IpProtocol.UDP,
        SERVER_PORT,
        outsidePort(flow));
  }
}
