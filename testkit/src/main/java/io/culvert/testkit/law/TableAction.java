package io.culvert.testkit.law;

import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTuple;
import java.time.Duration;
import java.util.HexFormat;

/** What happens to a router with a flow table. */
public sealed interface TableAction {
  /**
   * A frame comes in.
   *
   * @param port index of the port
   * @param bytes the frame without FCS
   */
  @SuppressWarnings("ArrayRecordComponent") // A carrier of bytes; never compared.
  record Arrive(int port, byte[] bytes) implements TableAction {
    @Override
    public String toString() {
      return "arrive port " + port + " " + HexFormat.of().formatHex(bytes);
    }
  }

  /**
   * The embedder offers a flow by itself.
   *
   * @param offer the offer
   */
  record Offer(FlowOffer offer) implements TableAction {}

  /**
   * A flow is taken out.
   *
   * @param tuple its tuple
   * @param ingress its ingress device
   */
  record Remove(FlowTuple tuple, int ingress) implements TableAction {}

  /**
   * Something about a device changed.
   *
   * @param ifindex its index
   */
  record Invalidate(int ifindex) implements TableAction {}

  /** The firewall's rules changed. */
  record PolicyChanged() implements TableAction {}

  /**
   * Time passes.
   *
   * @param time how much
   */
  record Advance(Duration time) implements TableAction {}
}
