package io.culvert.testkit.law;

import io.culvert.spi.Transit;
import io.culvert.testkit.router.Forwarding;
import io.culvert.wire.IpFamily;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often the fast path was used while laws ran, so that equality cannot hold by sending all to
 * the slow path. Not for several threads.
 */
public final class HitStatistics {
  private static final class Kind {
    long routers;
    long frames;
    long fast;
  }

  private record Protocol(IpFamily family, int number) {}

  private final Map<String, Kind> kinds = new TreeMap<>();
  private final Map<String, Long> reasons = new TreeMap<>();
  private final Map<String, Long> refusals = new TreeMap<>();
  private final Map<Protocol, Long> fastByProtocol = new HashMap<>();
  private String kind = "";
  private long routers;
  private long frames;
  private long fast;
  private long offloadable;
  private long sent;
  private long translated;

  /** Nothing yet. */
  public HitStatistics() {}

  /** A router of some kind is next. */
  public void router(String newKind) {
    kind = newKind;
    routers++;
    of(newKind).routers++;
  }

  private Kind of(String name) {
    return kinds.computeIfAbsent(name, _ -> new Kind());
  }

  void frame(boolean wasFast, boolean wasOffloadable, boolean wasSent, String reason) {
    frames++;
    of(kind).frames++;
    if (wasFast) {
      fast++;
      of(kind).fast++;
    } else {
      reasons.merge(reason, 1L, Long::sum);
    }
    offloadable += wasOffloadable ? 1 : 0;
    sent += wasSent ? 1 : 0;
  }

  /** What a fast frame was forwarded as. */
  void fast(Forwarding forwarding) {
    fastByProtocol.merge(new Protocol(forwarding.family(), forwarding.protocol()), 1L, Long::sum);
  }

  /** The last frame was fast, and addresses or ports of it were translated. */
  void translated() {
    translated++;
  }

  /** Frames whose addresses or ports the fast path translated. */
  public long translatedFrames() {
    return translated;
  }

  void refused(String why, long times) {
    refusals.merge(why, times, Long::sum);
  }

  /** Routers seen. */
  public long routers() {
    return routers;
  }

  /** Frames seen. */
  public long frames() {
    return frames;
  }

  /** Share of all frames that the fast path forwarded, 0..1. */
  public double fastShare() {
    return share(fast, frames);
  }

  /**
   * Share of the fast frames among those that belong to a flow offered before and pass the static
   * checks, 0..1.
   */
  public double fastShareOfOffloadable() {
    return share(fast, offloadable);
  }

  /** Share of all frames that were sent on by either path, 0..1. */
  public double sentShare() {
    return share(sent, frames);
  }

  /** Frames that the fast path forwarded in routers of a kind. */
  public long fastFrames(String ofKind) {
    return of(ofKind).fast;
  }

  /** Frames that the fast path forwarded for packets that only passed through. */
  public long fastFrames(Transit transit) {
    return fastByProtocol.getOrDefault(new Protocol(transit.family(), transit.protocol()), 0L);
  }

  /** Frames that were not fast, by reason. */
  public Map<String, Long> reasons() {
    return new TreeMap<>(reasons);
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                "%d routers, %d frames: %.1f %% fast, %.1f %% of the offloadable ones;"
                    + " %.1f %% sent, %d translated by the fast path",
                routers,
                frames,
                100 * fastShare(),
                100 * fastShareOfOffloadable(),
                100 * sentShare(),
                translated));
    kinds.forEach((name, k) ->
        text.append(
            String.format(
                "%n  %-14s %5d routers %7d frames %5.1f %% fast",
                name, k.routers, k.frames, 100 * share(k.fast, k.frames))));
    text.append("\n  not fast: ").append(reasons);
    return refusals.isEmpty()
        ? text.toString()
        : text.append("\n  offers refused: ").append(refusals).toString();
  }
}
