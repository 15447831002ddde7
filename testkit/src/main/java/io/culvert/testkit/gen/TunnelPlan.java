package io.culvert.testkit.gen;

import io.culvert.spi.Settings;

/**
 * Properties of a generated tunnel, apart from its ends.
 *
 * @param settings settings without ends and underlay
 * @param shim bytes of its shim
 * @param canBind true if its link type can name the device below
 * @param lie how it lies
 */
record TunnelPlan(Settings settings, int shim, boolean canBind, Lie lie) {

  /**
   * How a tunnel lies on what is below.
   *
   * @param mtuChange what its MTU differs by from that of the device below, less the headers
   * @param isBound true to name the device below
   * @param behindGateway true if the other end is not on the link of the port below
   * @param routeMtu MTU of the route into it, as what it lies below the device's; 0 for none
   */
  record Lie(int mtuChange, boolean isBound, boolean behindGateway, int routeMtu) {}

  /** True to name the device below. */
  boolean isBound() {
    return canBind && lie.isBound();
  }
}
