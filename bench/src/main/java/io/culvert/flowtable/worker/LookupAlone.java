package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.Hashing;
import io.culvert.flowtable.table.IndexView;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.SequenceStore;
import io.culvert.flowtable.table.TemplateStore;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;

/**
 * The packet path's lookup without the packets: keys are read from an array, hashed as the parser
 * hashes them, and looked up by the stage that does it for packets, compiled as for a worker.
 *
 * <p>In this package because the stage is not public, and in the benchmarks because nobody else
 * needs it: they are on the class path, where a package may lie in two archives. One table a
 * process, its rows and its hash in constants as the parser's are. Belongs to one thread, allocates
 * nothing after construction.
 */
@NullMarked
public final class LookupAlone {
  /** Words of a key: addresses, ports with protocol and ingress port, encap identity. */
  public static final int KEY = 3;

  private static final BurstScratch SCRATCH = new BurstScratch();
  private static final long[] ROWS = SCRATCH.rows;
  private static final Hashing HASHING = Hashing.random(new SplittableRandom(1));

  private final FlowStore flows;
  private final long view;
  private final Stage stage;
  private final FrameBurst burst;

  /**
   * An empty table.
   *
   * @param keys most keys, 1..2^28; an entry each, at most two of a flow
   */
  public LookupAlone(int keys) {
    FlowStore[] stores = FlowStore.pair(HASHING, (keys + 1) / 2, 1);
    flows = stores[0];
    view = flows.view();
    burst = new FrameBurst(Arena.global().allocate(64), 1);
    HotConstants constants =
        new HotConstants(
            burst.pool(),
            stores[0],
            stores[1],
            new TemplateStore(1),
            new SequenceStore().memory(),
            HASHING,
            true,
            0,
            PipelineCompiler.matchSwitch(List.of()),
            new PacketState(),
            SCRATCH,
            new long[Reason.values().length],
            0,
            false,
            null);
    stage = stage(constants);
  }

  private static Stage stage(HotConstants constants) {
    try (InputStream file = LookupAlone.class.getResourceAsStream("LookupStage.class")) {
      if (file == null) {
        throw new IOException("LookupStage.class is missing");
      }
      MethodHandles.Lookup hidden =
          MethodHandles.lookup()
              .defineHiddenClassWithClassData(file.readAllBytes(), constants, true);
      return (Stage)
          hidden.findConstructor(hidden.lookupClass(), MethodType.methodType(void.class)).invoke();
    } catch (Throwable thrown) {
      throw new IllegalStateException("lookup: the stage cannot be compiled", thrown);
    }
  }

  /** Adds {@code keys.length / KEY} keys, all different. */
  public void add(long[] keys) {
    long[] address = new long[1];
    int pair = 0;
    for (int n = 0; n < keys.length / KEY; n++) {
      int at = n * KEY;
      pair = (n & 1) == 0 ? flows.allocatePair() : pair;
      int entry = 2 * pair + (n & 1);
      address[0] = keys[at];
      flows.writeKey(entry, address, keys[at + 1], keys[at + 2]);
      if (!flows.publish(entry)) {
        throw new IllegalStateException("lookup: no room for key " + n);
      }
    }
  }

  /**
   * Looks keys up, all at once.
   *
   * @param keys words of keys
   * @param first index of the first key
   * @param count how many, 1..{@link FrameBurst#MAX_SIZE}
   */
  public void lookUp(long[] keys, int first, int count) {
    for (int i = 0; i < count; i++) {
      hash(BurstScratch.row(i), keys, (first + i) * KEY);
    }
    stage.run(burst, 0, count);
  }

  private void hash(int row, long[] keys, int at) {
    long addresses = keys[at];
    long ports = keys[at + 1];
    long encap = keys[at + 2];
    long hash = HASHING.key4(addresses, ports, encap);
    ROWS[row + BurstScratch.RESULT] = 0;
    ROWS[row + BurstScratch.INNER] = 0;
    ROWS[row + BurstScratch.ADDRESSES] = addresses;
    ROWS[row + BurstScratch.PORTS] = ports;
    ROWS[row + BurstScratch.ENCAP] = encap;
    ROWS[row + BurstScratch.HASH] = hash;
    ROWS[row + BurstScratch.BUCKET] = IndexView.first(hash, view);
  }

  /** How many of the last keys were found. */
  public int found(int count) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      found += ROWS[BurstScratch.row(i) + BurstScratch.RESULT] == 0 ? 1 : 0;
    }
    return found;
  }
}
