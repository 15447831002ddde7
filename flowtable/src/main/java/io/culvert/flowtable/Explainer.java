package io.culvert.flowtable;

import io.culvert.flowtable.path.ForwardPath;
import io.culvert.flowtable.path.ForwardPath.Layer;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.worker.FrameWalk;
import io.culvert.flowtable.worker.Reason;
import io.culvert.flowtable.worker.Worker;
import io.culvert.spi.EncapKey;
import io.vavr.collection.List;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.lang.foreign.MemorySegment;

/**
 * Tells why a frame is forwarded or not: the walk over its headers, then the checks of its flow in
 * the packet path's order. Changes nothing: no counter, no sequence number, no fuse.
 */
final class Explainer {
  private final Worker.Parts parts;
  private final Slots slots;
  private final FlowMemory memory;
  private final Sequences sequences;
  private final Flows flows;

  Explainer(Worker.Parts parts, Slots slots, FlowMemory memory, Sequences sequences, Flows flows) {
    this.parts = parts;
    this.slots = slots;
    this.memory = memory;
    this.sequences = sequences;
    this.flows = flows;
  }

  /**
   * Explains a frame.
   *
   * @param frame native memory that is the frame
   * @param headroom bytes in front of it that may be written
   */
  Explanation explain(MemorySegment frame, int port, int headroom) {
    FrameWalk walk = new FrameWalk(parts, slots::owner, frame, port);
    Reason reason = walk.walk();
    Vector<Explanation.Header> headers =
        Vector.ofAll(walk.steps()).map(step -> new Explanation.Header(step.offset(), step.text()));
    FlowTuple tuple = walk.tuple();
    if (tuple == null) {
      return new Explanation(
          reason, headers, Option.none(), Option.none(), false, "the last header above is refused");
    }
    int entry = walk.key().overflowed() ? -1 : memory.entry(tuple, port, walk.key(), walk.depth());
    if (entry < 0) {
      return new Explanation(
          Reason.MISS, headers, Option.of(tuple), Option.none(), false, missed(tuple, port, walk));
    }
    FlowRecord flow = new FlowRecord(memory.rows(tuple.family()), entry >>> 1);
    boolean reply = entry == flow.entry(true);
    Finding finding = check(flow, reply, frame, walk, headroom);
    return new Explanation(
        finding.reason(),
        headers,
        Option.of(tuple),
        Option.of(flow.flow()),
        reply,
        finding.detail());
  }

  private record Finding(Reason reason, String detail) {}

  /** The checks behind a hit, in the order of the packet path. */
  private Finding check(
      FlowRecord flow, boolean reply, MemorySegment frame, FrameWalk walk, int headroom) {
    // A direction comes in where the other one goes out.
    WayInUse in = reply ? flow.original() : flow.reply();
    ReceivedHeaders received =
        new ReceivedHeaders(parts.state().rxPrograms(), in.rxProgram(), frame);
    Option<Finding> wrong = received.judge(walk.innerAt()).map(f -> new Finding(f._1, f._2));
    if (wrong.isDefined()) {
      return wrong.get();
    }
    PacketState state = parts.state();
    if (flow.generation() != state.generation()) {
      return new Finding(
          Reason.STALE,
          "the flow is of generation "
              + flow.generation()
              + ", now is "
              + state.generation()
              + ": offer it again");
    }
    ForwardPath way = (reply ? flow.reply() : flow.original()).path();
    if (walk.innerLength() > way.mtu()) {
      return new Finding(
          Reason.MTU, "the packet has " + walk.innerLength() + " bytes, most are " + way.mtu());
    }
    int room = headroom + walk.innerAt();
    if (way.headerLength() > room) {
      return new Finding(
          Reason.HEADROOM,
          "headers of " + way.headerLength() + " bytes, in front of the packet are " + room);
    }
    return received.isExpected(sequences)
        ? new Finding(Reason.NONE, "out of " + way.portName() + stackText(way))
        : new Finding(Reason.ENCAP_SEQUENCE, "the sequence number is older than the one expected");
  }

  /** Why nothing was found: the flows that come close. */
  private String missed(FlowTuple tuple, int port, FrameWalk walk) {
    List<String> near =
        List.ofAll(
            flows
                .all()
                .filter(flow -> isNear(flow, tuple))
                .limit(MOST_NEAR)
                .map(flow -> {
                  boolean reply = !flow.tuple(false).equals(tuple);
                  ForwardPath in = (reply ? flow.original() : flow.reply()).path();
                  return "the flow of this tuple comes in by " + in.portName() + stackText(in);
                }));
    return near.isEmpty()
        ? "no flow has this tuple"
        : near.mkString("; ") + "; this frame by port " + port + seen(walk);
  }

  private static final int MOST_NEAR = 4;

  private static boolean isNear(FlowRecord flow, FlowTuple tuple) {
    return flow.rows().family() == tuple.family()
        && (flow.tuple(false).equals(tuple) || flow.tuple(true).equals(tuple));
  }

  private static String stackText(ForwardPath way) {
    return way.layers().isEmpty() ? "" : " in " + way.layers().map(Layer::device).mkString(" in ");
  }

  private String seen(FrameWalk walk) {
    EncapKey key = walk.key();
    StringBuilder text = new StringBuilder(walk.depth() == 0 ? " without tunnel" : " in");
    for (int word = 0; word < Math.min(key.size(), EncapKey.CAPACITY); word++) {
      text.append(walk.depth() == 0 ? "" : " " + Long.toHexString(key.word(word)));
    }
    return text.toString();
  }
}
