package io.culvert.bench.classic;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The forward chain of a firewall: rules tried one after the other, the first match decides, the
 * policy is accept. A rule matches prefixes of source and destination, protocol and a range of
 * destination ports.
 */
final class RuleList {
  private static final int WORDS = 6;

  // A rule's words: source, its mask, destination, its mask, protocol (0 for any), ports.
  private final int[] rules;

  private RuleList(int[] rules) {
    this.rules = rules;
  }

  /**
   * Rules as a firewall has them that drops some sources, some destinations and some services; no
   * frame of the generator matches one, so that every frame is held against all of them.
   */
  static RuleList ofSize(int size) {
    SplittableRandom random = new SplittableRandom(2);
    int[] rules = new int[size * WORDS];
    for (int rule = 0; rule < size; rule++) {
      int at = rule * WORDS;
      int mask = -1 << random.nextInt(0, 17);
      switch (rule % 4) {
        case 0 -> {
          rules[at] = random.nextInt(100 << 24, 120 << 24) & mask;
          rules[at + 1] = mask;
        }
        case 1 -> {
          rules[at + 2] = random.nextInt(100 << 24, 120 << 24) & mask;
          rules[at + 3] = mask;
        }
        default -> rules[at + 4] = rule % 4 == 2 ? 6 : 17;
      }
      int port = random.nextInt(30_000, 50_000);
      rules[at + 5] = rule % 4 < 2 ? 0xffff : port << 16 | port + 10;
    }
    return new RuleList(rules);
  }

  int size() {
    return rules.length / WORDS;
  }

  /** True if no rule drops a packet; {@code port} is its destination port. */
  boolean accepts(int source, int destination, int protocol, int port) {
    int[] r = rules;
    for (int at = 0; at < r.length; at += WORDS) {
      if ((source & r[at + 1]) == r[at]
          && (destination & r[at + 3]) == r[at + 2]
          && (r[at + 4] == 0 || r[at + 4] == protocol)
          && port >= r[at + 5] >>> 16
          && port <= (r[at + 5] & 0xffff)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return Arrays.toString(rules);
  }
}
