package io.culvert.flowtable;

import io.culvert.wire.IpFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which flows make room in a full table: a hand goes round over the pairs of entries, and looks at
 * {@value #LOOKS} of them at a time. Those that were idle for long enough and longest go, a few at
 * once, since giving entries back means waiting for the bursts that run.
 *
 * <p>The work does not depend on how many flows there are.
 */
final class Eviction {
  static final int LOOKS = 128;
  static final int MOST = 16;

  /** A table of so many flows for each one that goes at once. */
  private static final int FLOWS_PER_VICTIM = 64;

  private final long leastIdleMs;
  private final Map<IpFamily, Integer> hands = new EnumMap<>(IpFamily.class);

  Eviction(long leastIdleMs) {
    this.leastIdleMs = leastIdleMs;
  }

  long leastIdleMs() {
    return leastIdleMs;
  }

  /**
   * Those that go, longest idle first; none if all that were looked at saw a packet lately.
   *
   * @param rows a full table's
   */
  List<FlowRecord> victims(FlowRows rows, int clockMs) {
    List<Idle> idle = new ArrayList<>();
    int looks = Math.min(LOOKS, rows.end());
    int hand = hands.getOrDefault(rows.family(), 0);
    for (int look = 0; look < looks; look++) {
      hand = hand >= rows.end() ? 0 : hand;
      long idleMs = rows.isUsed(hand) ? rows.idleMs(hand, clockMs) : -1;
      if (idleMs >= leastIdleMs) {
        idle.add(new Idle(hand, idleMs));
      }
      hand++;
    }
    hands.put(rows.family(), hand);
    idle.sort(Comparator.comparingLong(Idle::idleMs).reversed());
    int most = Math.clamp(rows.store().capacity() / FLOWS_PER_VICTIM, 1, MOST);
    return idle.stream().limit(most).map(one -> new FlowRecord(rows, one.pair())).toList();
  }

  private record Idle(int pair, long idleMs) {}
}
