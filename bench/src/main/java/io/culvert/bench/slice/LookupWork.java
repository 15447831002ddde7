package io.culvert.bench.slice;

import io.culvert.bench.traffic.Flows;
import io.culvert.flowtable.worker.LookupAlone;
import java.util.SplittableRandom;

/**
 * The table's lookup alone, hash included: keys one by one, or a burst of them at once. The keys of
 * all flows lie in a pseudo-random order, one behind the other, and are looked up in that order, so
 * that the table is met at random and the keys are not.
 */
public final class LookupWork implements SliceWork {
  /** Keys looked up at once. */
  public static final int BULK = 64;

  private static final long SERVER = 0xc0a8_0a0aL;
  private static final long UDP = 17L << 24;
  private static final int TUNNELS = 1024;

  private final int burst;
  private final int all;
  private final long[] keys;
  private final LookupAlone table;
  private int next;
  private long found;

  /**
   * Adds the keys.
   *
   * @param keys how many; at least {@code burst}
   * @param burst looked up at once
   */
  public LookupWork(int keys, int burst) {
    this.burst = burst;
    all = Math.max(keys, burst);
    long[] inOrder = keys(0, all);
    table = new LookupAlone(all);
    table.add(inOrder);
    this.keys = shuffled(inOrder);
  }

  private static long[] keys(int first, int count) {
    long[] keys = new long[count * LookupAlone.KEY];
    for (int n = 0; n < count; n++) {
      int flow = first + n;
      int at = n * LookupAlone.KEY;
      keys[at] = (long) Flows.client(flow) << 32 | SERVER;
      keys[at + 1] = (long) Flows.clientPort(flow) << 48 | (long) Flows.SERVER_PORT << 32 | UDP | 1;
      keys[at + 2] = 1L + flow % TUNNELS;
    }
    return keys;
  }

  private static long[] shuffled(long[] keys) {
    SplittableRandom random = new SplittableRandom(1);
    long[] mixed = keys.clone();
    for (int n = keys.length / LookupAlone.KEY - 1; n > 0; n--) {
      int other = random.nextInt(n + 1);
      for (int word = 0; word < LookupAlone.KEY; word++) {
        int a = n * LookupAlone.KEY + word;
        int b = other * LookupAlone.KEY + word;
        long kept = mixed[a];
        mixed[a] = mixed[b];
        mixed[b] = kept;
      }
    }
    return mixed;
  }

  @Override
  public int burst() {
    return burst;
  }

  /** Nothing: the keys are there. */
  @Override
  public void fill() {}

  @Override
  public void process() {
    int first = next + burst > all ? 0 : next;
    table.lookUp(keys, first, burst);
    found += table.found(burst);
    next = first + burst;
  }

  @Override
  public long done() {
    return found;
  }

  /** How many of some keys are found that are there, and of some that are not. */
  @Override
  public String show() {
    long[] others = keys(all, burst);
    table.lookUp(keys, 0, burst);
    int there = table.found(burst);
    table.lookUp(others, 0, burst);
    return there + "/" + burst + " " + table.found(burst) + "/" + burst;
  }
}
