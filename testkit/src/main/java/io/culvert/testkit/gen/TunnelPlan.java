package io.culvert.testkit.gen;

import io.culvert.spi.Settings;

/**
 * Properties of a generated tunnel, apart from its ends.
 *
 * @param ttl fixed TTL; 0 takes the inner one
 * @param tos the number behind {@code tos}; -1 for the word {@code inherit}, 0 to say nothing
 * @param pmtudisc true if DF is always set, false if the inner DF counts
 * @param ecn the word behind {@code ecn}; empty to say nothing
 * @param mtuChange what its MTU differs by from that of the device below, less the header
 * @param isBound true to name the device below
 * @param behindGateway true if the other end is not on the link of the port below
 * @param routeMtu MTU of the route into it, as what it lies below the device's; 0 for none
 */
record TunnelPlan(
    int ttl,
    int tos,
    boolean pmtudisc,
    String ecn,
    int mtuChange,
    boolean isBound,
    boolean behindGateway,
    int routeMtu) {

  Settings settings() {
    Settings settings = Settings.of("ipip");
    if (ttl != 0) {
      settings = settings.with("ttl", ttl);
    }
    if (tos != 0) {
      settings = tos < 0 ? settings.with("tos", "inherit") : settings.with("tos", tos);
    }
    if (!ecn.isEmpty()) {
      settings = settings.with("ecn", ecn);
    }
    // A fixed TTL forbids nopmtudisc.
    return pmtudisc || ttl != 0 ? settings : settings.with("pmtudisc", false);
  }
}
