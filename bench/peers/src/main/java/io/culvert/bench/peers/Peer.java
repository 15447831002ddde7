package io.culvert.bench.peers;

/** Forwards frames into tunnels as one would with a packet library. */
interface Peer {
  /**
   * Forwards a frame.
   *
   * @param frame an Ethernet frame, not changed
   * @return the frame to send; empty if its flow is not known
   */
  byte[] forward(byte[] frame);
}
