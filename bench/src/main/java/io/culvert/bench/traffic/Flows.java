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
 */
public record Flows(int count, int tunnels) {
  /** Port of all servers. */
  public static final int SERVER_PORT = 80;

  /** Most flows: 16 ports of every address of the clients' network. */
  public static final int MOST = 1 << 28;

  /** Checks the ranges. */
  public Flows {
    if (count < 1 || count > MOST || tunnels < 1) {
      throw new IllegalArgumentException("flows: count=" + count + " tunnels=" + tunnels);
    }
  }

  /** Client's address. */
  public static int client(int flow) {
    return 0x0a000000 + (flow >>> 4);
  }

  /** Client's port. */
  public static int clientPort(int flow) {
    return 1024 + (flow & 15) * 16;
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
}
