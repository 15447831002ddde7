package io.culvert.testkit.router;

/**
 * How a packet came to the IP layer.
 *
 * @param port index of the port that the frame came in by
 * @param device index of the device that the packet came by: a tunnel, or the port
 * @param isToUs true if the link layer addressed it to us; false for a broadcast or multicast
 */
record Arrival(int port, int device, boolean isToUs) {
  /** The same frame's packet behind a tunnel: whatever the link said, it is for us now. */
  Arrival through(int tunnel) {
    return new Arrival(port, tunnel, true);
  }
}
