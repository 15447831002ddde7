package io.culvert.bench.tunnel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was found in a capture, or put on: by stack, and what was left alone. */
public final class TunnelReport {

  /** How many, and of what size. */
  public static final class Count {
    private long packets;
    private long bytesIn;
    private long bytesOut;

    private Count() {}

    /** Frames. */
    public long packets() {
      return packets;
    }

    /** Bytes of the frames as they were. */
    public long bytesIn() {
      return bytesIn;
    }

    /** Bytes of the frames as they were written. */
    public long bytesOut() {
      return bytesOut;
    }

    private void add(long in, long out) {
      packets++;
      bytesIn += in;
      bytesOut += out;
    }
  }

  /**
   * A line of the report.
   *
   * @param key the stack or the reason
   * @param count how many
   */
  public record Line(String key, Count count) {}

  private final Map<String, Count> stacks = new LinkedHashMap<>();
  private final Map<String, Count> leftAlone = new LinkedHashMap<>();
  private final Count all = new Count();

  /** Nothing yet. */
  public TunnelReport() {}

  /** A frame with this stack. */
  void stack(String stack, int in, int out) {
    stacks.computeIfAbsent(stack, _ -> new Count()).add(in, out);
    all.add(in, out);
  }

  /** A frame without tunnel, or one that could not be put into one. */
  void untouched(int length) {
    all.add(length, length);
  }

  /** Why a frame was not looked into further, or left as it was. */
  void leftAlone(String why, int in, int out) {
    leftAlone.computeIfAbsent(why, _ -> new Count()).add(in, out);
  }

  /** All frames. */
  public Count all() {
    return all;
  }

  /** Stacks, the most frequent first. */
  public List<Line> stacks() {
    return lines(stacks);
  }

  /** Reasons, the most frequent first. */
  public List<Line> leftAlone() {
    return lines(leftAlone);
  }

  private static List<Line> lines(Map<String, Count> counts) {
    List<Line> lines = new ArrayList<>();
    counts.forEach((key, count) -> lines.add(new Line(key, count)));
    lines.sort((a, b) -> Long.compare(b.count().packets(), a.count().packets()));
    return lines;
  }
}
