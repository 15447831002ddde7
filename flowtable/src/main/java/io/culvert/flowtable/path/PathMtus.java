package io.culvert.flowtable.path;

import io.culvert.wire.IpAddress;
import io.vavr.control.Option;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Path MTUs that were learned, by where the packets go: the last {@value #MOST} at most, each for
 * {@value #LIFETIME_MS} ms. Used by one thread at a time.
 */
public final class PathMtus {
  /** Most destinations. */
  public static final int MOST = 4096;

  /** How long one is believed, as RFC 1191 §6.3 and RFC 8201 §4 have it: ten minutes. */
  public static final long LIFETIME_MS = 600_000;

  private record Learned(int mtu, long untilMs) {}

  // In the order in which they expire.
  private final Map<IpAddress, Learned> byDestination = new LinkedHashMap<>();

  /** None. */
  public PathMtus() {}

  /** Longest IP packet to a destination in bytes, if that was learned. */
  public Option<Integer> of(IpAddress destination) {
    return Option.of(byDestination.get(destination)).map(Learned::mtu);
  }

  /** True if one more destination has room. */
  public boolean hasRoomFor(IpAddress destination) {
    return byDestination.size() < MOST || byDestination.containsKey(destination);
  }

  /**
   * Keeps what was learned. One that is known is not raised: that takes its expiry.
   *
   * @return true if packets must be shorter than before
   */
  public boolean learn(IpAddress destination, int mtu, long nowMs) {
    Learned known = byDestination.remove(destination);
    int before = known == null ? Integer.MAX_VALUE : known.mtu();
    byDestination.put(destination, new Learned(Math.min(mtu, before), nowMs + LIFETIME_MS));
    return mtu < before;
  }

  /** Forgets one; false if there is none. */
  public boolean forget(IpAddress destination) {
    return byDestination.remove(destination) != null;
  }

  /** The next one whose time is over, which is forgotten. */
  public Option<IpAddress> takeExpired(long nowMs) {
    if (byDestination.isEmpty()) {
      return Option.none();
    }
    Map.Entry<IpAddress, Learned> first = byDestination.entrySet().iterator().next();
    return Option.when(first.getValue().untilMs() <= nowMs, first::getKey).peek(this::forget);
  }
}
