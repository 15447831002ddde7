package io.culvert.testkit.law;

import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.Verdict;
import io.culvert.flowtable.worker.Worker;
import io.culvert.testkit.golden.FrameComparison;
import io.culvert.testkit.law.TunnelStack.Side;
import io.culvert.wire.IpFamily;
import io.vavr.control.Option;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;

/** Law 9, driven through a worker whose frame memory the law fills by itself. */
public final class HeadroomLaw {
  private static final int HEADROOM = 640;
  private static final int[] FILLS = {0x00, 0xff, 0xa5, 0x45};

  private HeadroomLaw() {}

  /**
   * Law 9: what lay around a frame never shows in what is sent, nothing but the new header is
   * written in front of it, and nothing behind it.
   *
   * @param misalign moves the frame by this many bytes, 0..63: law 10 of the push
   */
  public static Option<Violation> law09DirtyHeadroomNeverShows(
      TunnelStack stack,
      HostPacket packet,
      int misalign,
      EncapRegistry registry,
      FlowTableConfig config) {
    byte[] frame = stack.fromHost(Side.NEAR, packet);
    FlowTable table = new FlowTable(config, registry, stack.scenario(Side.NEAR).network());
    table.addPort(TunnelStack.CLIENT_PORT);
    table.addPort(TunnelStack.TUNNEL_PORT);
    IpFamily family = stack.family(packet);
    FlowTuple tuple =
        new FlowTuple(
            Side.NEAR.hostAddress(family),
            Side.FAR.hostAddress(family),
            PlainFrames.UDP,
            HostPacket.SOURCE_PORT,
            HostPacket.DESTINATION_PORT);
    table.offer(new FlowOffer(tuple, TunnelStack.CLIENT_PORT, Duration.ZERO));
    MemorySegment pool = Arena.ofAuto().allocate(2L * HEADROOM + frame.length + misalign, 64);
    Worker worker = table.newWorker(pool);
    StackHeaders headers = StackHeaders.of(stack, registry, family);
    Option<byte[]> first = Option.none();
    for (int fill : FILLS) {
      pool.fill((byte) fill);
      long at = (long) HEADROOM + misalign;
      MemorySegment.copy(frame, 0, pool, ValueLayout.JAVA_BYTE, at, frame.length);
      FrameBurst burst = new FrameBurst(pool, 1);
      burst.add(0, at, frame.length, TunnelStack.CLIENT_PORT, 0);
      worker.process(burst);
      if (burst.verdict(0) != Verdict.FORWARD) {
        return violation(frame, "forwarded", burst.reason(0).label(), "");
      }
      byte[] sent = copy(pool, burst.offset(0), burst.offset(0) + burst.length(0));
      byte[] expected = first.getOrElse(sent);
      Option<String> difference = FrameComparison.difference(expected, sent, headers.own());
      if (difference.isDefined()) {
        return violation(
            frame,
            FrameText.of(expected),
            FrameText.of(sent),
            String.format("with memory full of 0x%02x: %s", fill, difference.get()));
      }
      if (!isFilled(copy(pool, 0, burst.offset(0)), fill)
          || !isFilled(copy(pool, at + frame.length, pool.byteSize()), fill)) {
        return violation(frame, "nothing written outside the frame sent", "other bytes", "");
      }
      first = Option.some(sent);
    }
    return Option.none();
  }

  private static Option<Violation> violation(
      byte[] frame, String expected, String got, String hint) {
    return Option.some(Violation.byFrame(Law.HEADROOM, frame, expected, got, hint));
  }

  private static byte[] copy(MemorySegment pool, long from, long to) {
    return pool.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
  }

  private static boolean isFilled(byte[] bytes, int fill) {
    byte[] wanted = new byte[bytes.length];
    Arrays.fill(wanted, (byte) fill);
    return Arrays.equals(bytes, wanted);
  }
}
