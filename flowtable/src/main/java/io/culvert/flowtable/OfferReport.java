package io.culvert.flowtable;

import io.vavr.collection.Seq;

/**
 * What became of many offers.
 *
 * @param accepted how many of the flows are in the table now
 * @param refusals of the others, in the order of the offers
 */
public record OfferReport(int accepted, Seq<Refusal> refusals) {
  /**
   * An offer that was refused.
   *
   * @param index its place among the offers, from 0
   * @param error why
   */
  public record Refusal(int index, OffloadError error) {}
}
