package io.culvert.bench.traffic;

/** Which way frames cross the router. */
public enum Way {
  /** From the client's port, sent with an outer header added. */
  INTO_TUNNEL("into the tunnel", Topology.CLIENT_PORT, Topology.UNDERLAY_PORT),
  /** From the underlay's port, sent with the outer header taken off. */
  OUT_OF_TUNNEL("out of the tunnel", Topology.UNDERLAY_PORT, Topology.CLIENT_PORT);

  private final String label;
  private final int ingress;
  private final int egress;

  Way(String label, int ingress, int egress) {
    this.label = label;
    this.ingress = ingress;
    this.egress = egress;
  }

  /** For people. */
  public String label() {
    return label;
  }

  /** Port that the frames come in by. */
  public int ingress() {
    return ingress;
  }

  /** Port that they leave by. */
  public int egress() {
    return egress;
  }
}
