package io.culvert.flowtable.admission;

import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.OffloadError;
import io.culvert.flowtable.table.Hashing;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.vavr.control.Option;
import java.util.random.RandomGenerator;

/**
 * At most so many new flows per second from each source prefix: a token bucket for each.
 *
 * <p><em>Memory:</em> fixed, 16 bytes a slot, whatever sources are seen. A prefix has one of
 * {@value #WAYS} slots, found by a keyed hash. As long as no more prefixes than that share them,
 * each has a bucket of its own. If all of them are in use, a new prefix is judged by the bucket of
 * a random one, as full or empty as that is, and takes its slot over if it passes. So a flood from
 * invented sources gets no more than all slots together may pass, and others pay for it: that is
 * the price of fixed memory.
 *
 * <p><em>Time</em> is the table's clock; without ticks there is one burst and no more.
 */
public final class SourceRate implements Admission {
  static final int WAYS = 8;

  private static final long NANOS = 1_000_000_000L;
  private static final long NANOS_PER_MS = 1_000_000L;

  private final int prefix4;
  private final int prefix6;
  private final int perSecond;
  private final long intervalNs;
  private final long burstNs;
  private final Hashing hashing;
  private final RandomGenerator random;

  // Slot by slot: hash of the prefix, 0 for free; when its bucket is full again, in nanoseconds.
  private final long[] prefixes;
  private final long[] fullAtNs;

  /**
   * A limit.
   *
   * @param prefix4 leading bits of an IPv4 source that count as one, 0..32
   * @param prefix6 leading bits of an IPv6 source that count as one, 0..128; a household often has
   *     56 or 48
   * @param perSecond new flows per second, 1..1,000,000
   * @param burst new flows at once after a pause, 1..1,000,000
   * @param slots prefixes remembered, 1..2^24, rounded up to a power of two, at least 8
   * @param random where the hash's secret comes from, and who has to make room: an attacker must
   *     not know it
   */
  public SourceRate(
      int prefix4, int prefix6, int perSecond, int burst, int slots, RandomGenerator random) {
    check("prefix4", prefix4, 0, 32);
    check("prefix6", prefix6, 0, 128);
    check("perSecond", perSecond, 1, 1_000_000);
    check("burst", burst, 1, 1_000_000);
    check("slots", slots, 1, 1 << 24);
    this.prefix4 = prefix4;
    this.prefix6 = prefix6;
    this.perSecond = perSecond;
    this.random = random;
    intervalNs = NANOS / perSecond;
    burstNs = burst * intervalNs;
    hashing = Hashing.random(random);
    int rounded = WAYS;
    while (rounded < slots) {
      rounded *= 2;
    }
    prefixes = new long[rounded];
    fullAtNs = new long[rounded];
  }

  private static void check(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException("source rate: " + what + "=" + value);
    }
  }

  @Override
  public Option<OffloadError> refusal(FlowOffer offer, long nowMs) {
    IpPrefix prefix = prefix(offer.tuple().source());
    return take(hash(prefix.address()), nowMs * NANOS_PER_MS)
        ? Option.none()
        : Option.some(new OffloadError.TooManyNew(prefix, perSecond));
  }

  private boolean take(long prefix, long nowNs) {
    int slot = slot(prefix, nowNs);
    long fullAt = Math.max(fullAtNs[slot], nowNs) + intervalNs;
    if (fullAt - nowNs > burstNs) {
      return false;
    }
    prefixes[slot] = prefix;
    fullAtNs[slot] = fullAt;
    return true;
  }

  /** The prefix's own slot, else one whose bucket is as good as new, else anybody's. */
  private int slot(long prefix, long nowNs) {
    int first = (int) (prefix >>> 32) & prefixes.length - 1 & -WAYS;
    int unused = -1;
    for (int slot = first; slot < first + WAYS; slot++) {
      if (prefixes[slot] == prefix) {
        return slot;
      }
      if (fullAtNs[slot] <= nowNs) {
        unused = slot;
      }
    }
    return unused >= 0 ? unused : first + random.nextInt(WAYS);
  }

  private IpPrefix prefix(IpAddress source) {
    return switch (source) {
      case Ipv4Address(int bits) ->
          new IpPrefix(new Ipv4Address((int) leading(bits, prefix4, 32)), prefix4);
      case Ipv6Address(long high, long low) ->
          new IpPrefix(
              new Ipv6Address(
                  leading(high, Math.min(prefix6, 64), 64),
                  leading(low, Math.max(prefix6 - 64, 0), 64)),
              prefix6);
    };
  }

  private static long leading(long word, int bits, int width) {
    return bits == 0 ? 0 : word & -1L << (width - bits);
  }

  private long hash(IpAddress prefix) {
    long start = hashing.digestStart();
    long digest =
        switch (prefix) {
          case Ipv4Address(int bits) -> hashing.digest(hashing.digest(start, 4), bits);
          case Ipv6Address(long high, long low) ->
              hashing.digest(hashing.digest(hashing.digest(start, 6), high), low);
        };
    return digest == 0 ? 1 : digest;
  }
}
