package io.culvert.testkit.gen;

import io.culvert.testkit.law.StackLayer;

/**
 * Properties of a generated virtual device, apart from its place.
 *
 * @param layer the device
 * @param canBind true if its link type can name the underlay device
 * @param lie how it lies
 */
record TunnelPlan(StackLayer layer, boolean canBind, Lie lie) {

  /**
   * How a device lies on what is below.
   *
   * @param mtuChange what its MTU differs by from that of the device below, less the headers
   * @param isBound true to name the underlay device
   * @param behindGateway true if the other end is not on the link of the port below
   * @param routeMtu MTU of the route into it, as what it lies below the device's; 0 for none
   */
  record Lie(int mtuChange, boolean isBound, boolean behindGateway, int routeMtu) {}

  /** True to name the underlay device. */
  boolean isBound() {
    return canBind && lie.isBound();
  }
}
