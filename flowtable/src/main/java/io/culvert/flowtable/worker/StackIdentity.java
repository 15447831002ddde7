package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.Hashing;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.StackTable;
import io.culvert.spi.EncapKey;
import java.util.Arrays;

/**
 * From the identity words of a packet's tunnel stack to the word of the flow key: the interned
 * number, or a digest.
 *
 * <p>A record, since the JIT trusts the components of a constant record to be constants.
 *
 * @param hashing the table's hash
 * @param exact true to intern, false for a digest
 * @param digestShift right shift of a 64-bit digest
 * @param state where the table of stacks is published
 * @param oneLayer a key for stacks of one layer
 * @param memo stacks of one layer seen lately, two words a row: word; version of the table of
 *     stacks, slot and number
 * @param last the stack of several words that was found last: their number, its identity, the
 *     words; frames of one tunnel come in runs
 * @param version the version of the table of stacks in use, 24 bits
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record StackIdentity(
    Hashing hashing,
    boolean exact,
    int digestShift,
    PacketState state,
    EncapKey oneLayer,
    long[] memo,
    long[] last,
    int[] version) {
  /** No such stack, so no such flow. A digest has this value once in 2^64. */
  static final long NONE = Long.MIN_VALUE;

  private static final int ROW_BITS = 13;

  /** In {@link #last}: where the words begin. */
  private static final int LAST_WORDS = 2;

  private static final int LAST_VERSION = (1 << 24) - 1;

  StackIdentity(HotConstants constants) {
    this(
        constants.hashing(),
        constants.exact(),
        constants.digestShift(),
        constants.state(),
        new EncapKey(),
        new long[constants.inTunnels() ? 2 << ROW_BITS : 0],
        new long[LAST_WORDS + EncapKey.CAPACITY],
        new int[1]);
  }

  /** The table of stacks has changed: nothing that was looked up before counts. */
  void forget() {
    if (version[0] == LAST_VERSION) {
      Arrays.fill(memo, 0);
      version[0] = 0;
    }
    version[0]++;
    last[0] = 0;
  }

  /**
   * The identity of one layer of one word, the common case: word, or a tag's number. A row of the
   * memo holds the whole of what is compared, so that a hit is as exact as the lookup that it
   * saves.
   */
  private long ofOneLayer(long word, int slot) {
    if (!exact) {
      return digestOfOneLayer(word, slot) >>> digestShift;
    }
    int row = 2 * (int) ((word * 0x9e37_79b9_7f4a_7c15L) >>> (64 - ROW_BITS));
    long found = memo[row + 1];
    return memo[row] == word && found >>> 32 == tag(slot)
        ? (int) found
        : lookUpOneLayer(row, word, slot);
  }

  private long tag(int slot) {
    return ((long) version[0] << 8) | slot;
  }

  private long digestOfOneLayer(long word, int slot) {
    return hashing.digest(
        hashing.digest(hashing.digestStart(), word), PacketState.layerWord(slot, 1));
  }

  private long lookUpOneLayer(int row, long word, int slot) {
    oneLayer.truncate(0);
    oneLayer.add(word);
    oneLayer.add(PacketState.layerWord(slot, 1));
    int number = state.stacks().find(oneLayer, digestOfOneLayer(word, slot));
    if (number == 0) {
      return NONE;
    }
    memo[row] = word;
    memo[row + 1] = (tag(slot) << 32) | number;
    return number;
  }

  /** The identity of any stack; {@link #NONE} if it is not interned. */
  long of(EncapKey key) {
    int size = key.size();
    if (size == 2 && key.word(1) >>> 32 == 1) {
      return ofOneLayer(key.word(0), (int) key.word(1));
    }
    if (size == 1) {
      key.add(0); // as where stacks are interned
    }
    if (key.overflowed()) {
      return NONE;
    }
    return isLast(key) ? last[1] : lookUp(key);
  }

  private boolean isLast(EncapKey key) {
    int size = key.size();
    if (last[0] != size) {
      return false;
    }
    long difference = 0;
    for (int word = 0; word < size; word++) {
      difference |= last[LAST_WORDS + word] ^ key.word(word);
    }
    return difference == 0;
  }

  private long lookUp(EncapKey key) {
    long digest = StackTable.digest(hashing, key);
    if (!exact) {
      return remember(key, digest >>> digestShift);
    }
    int number = state.stacks().find(key, digest);
    return number == 0 ? NONE : remember(key, number);
  }

  private long remember(EncapKey key, long identity) {
    int size = key.size();
    last[0] = size;
    last[1] = identity;
    for (int word = 0; word < size; word++) {
      last[LAST_WORDS + word] = key.word(word);
    }
    return identity;
  }
}
