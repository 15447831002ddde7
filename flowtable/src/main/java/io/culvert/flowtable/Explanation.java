package io.culvert.flowtable;

import io.culvert.flowtable.worker.Reason;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * What the fast path would do with one frame now, and why.
 *
 * @param reason {@link Reason#NONE} if it would be forwarded, else the first check that refuses it
 * @param headers the headers seen, outermost first
 * @param tuple the tuple that was looked up; none if the frame was refused before
 * @param flow the flow that it belongs to
 * @param reply true if the frame is of that flow's reply direction
 * @param detail one sentence: what the refusing check saw and wants, or where the frame goes
 */
public record Explanation(
    Reason reason,
    Seq<Header> headers,
    Option<FlowTuple> tuple,
    Option<Flow> flow,
    boolean reply,
    String detail) {

  /**
   * A header of the frame.
   *
   * @param offset its first byte's, from the frame's
   * @param text what it says
   */
  public record Header(int offset, String text) {
    @Override
    public String toString() {
      return "%4d  %s".formatted(offset, text);
    }
  }

  /** Several lines: a header each, the tuple, the answer. */
  @Override
  public String toString() {
    return headers
        .map(Header::toString)
        .appendAll(tuple.map(looked -> "      looked up: " + looked))
        .append((reason == Reason.NONE ? "forwarded: " : reason.label() + ": ") + detail)
        .mkString("\n");
  }
}
