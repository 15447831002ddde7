package io.culvert.bench.measure;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.wire.EthernetHeader;
import io.culvert.wire.InternetChecksum;
import io.culvert.wire.Ipv4Header;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Checks, before anything is timed, that all paths send the same frames. */
public final class Agreement {
  private static final int MOST_FLOWS = 4096;
  private static final int BURST = 64;

  private Agreement() {}

  /**
   * Sends one frame of each of up to 4,096 flows, spread over all of them, both ways, through every
   * path.
   *
   * @return what differs, or empty if every frame was forwarded and all agree, byte for byte but
   *     for the outer IPv4 id
   */
  public static Optional<String> check(
      List<ForwardingPath> paths, TrafficGenerator traffic, int frameLength) {
    Flows flows = traffic.flows();
    int step = Math.max(1, flows.count() / MOST_FLOWS);
    FrameBurst burst = new FrameBurst(FrameMemory.SEGMENT, BURST);
    for (Way way : Way.values()) {
      for (long first = 0; first < flows.count(); first += (long) BURST * step) {
        byte[][] expected = new byte[BURST][];
        for (ForwardingPath path : paths) {
          burst.clear();
          for (long flow = first; flow < flows.count() && burst.size() < BURST; flow += step) {
            traffic.add(burst, burst.size(), (int) flow, way, frameLength);
          }
          path.process(burst);
          for (int i = 0; i < burst.size(); i++) {
            if (path.port(burst, i) != way.egress()) {
              return Optional.of(
                  path.name()
                      + " did not send flow "
                      + (first + (long) i * step)
                      + " "
                      + way.label()
                      + " with "
                      + frameLength
                      + " byte frames");
            }
            byte[] sent = copy(path, burst, i);
            if (way == Way.INTO_TUNNEL && !maskId(sent)) {
              return Optional.of(path.name() + " wrote a wrong outer header checksum");
            }
            byte[] known = expected[i];
            if (known != null && !Arrays.equals(known, sent)) {
              return Optional.of(difference(paths.get(0), known, path, sent, way));
            }
            expected[i] = sent;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static byte[] copy(ForwardingPath path, FrameBurst burst, int i) {
    return FrameMemory.SEGMENT
        .asSlice(path.offset(burst, i), path.length(burst, i))
        .toArray(ValueLayout.JAVA_BYTE);
  }

  /** Zeroes id and checksum of the outermost header; false if the checksum was wrong. */
  private static boolean maskId(byte[] frame) {
    int ip = EthernetHeader.LENGTH;
    boolean good =
        InternetChecksum.sum(MemorySegment.ofArray(frame), ip, ip + Ipv4Header.LENGTH) == 0xffff;
    Arrays.fill(frame, ip + Ipv4Header.ID_OFFSET, ip + Ipv4Header.FRAGMENT_OFFSET, (byte) 0);
    Arrays.fill(frame, ip + Ipv4Header.CHECKSUM_OFFSET, ip + Ipv4Header.SOURCE_OFFSET, (byte) 0);
    return good;
  }

  private static String difference(
      ForwardingPath one, byte[] a, ForwardingPath other, byte[] b, Way way) {
    int at = Arrays.mismatch(a, b);
    return way.label()
        + ": "
        + one.name()
        + " and "
        + other.name()
        + " differ in byte "
        + at
        + ": "
        + headers(a)
        + " and "
        + headers(b);
  }

  private static String headers(byte[] frame) {
    return HexFormat.of().formatHex(frame, 0, Math.min(frame.length, 64));
  }
}
