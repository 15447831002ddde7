package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.Hashing;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.StackTable;
import io.culvert.spi.EncapKey;

/**
 * From the identity words of a packet's tunnel stack to the word of the flow key: the only word
 * itself, the interned number, or a digest.
 *
 * <p>A record, since the JIT trusts the components of a constant record to be constants.
 *
 * @param hashing the table's hash
 * @param exact true to intern, false for a digest
 * @param digestShift right shift of a 64-bit digest
 * @param state where the table of stacks is published
 * @param last the stack of several words that was found last: their number, its identity, the
 *     words; frames of one tunnel come in runs
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record StackIdentity(
    Hashing hashing, boolean exact, int digestShift, PacketState state, long[] last) {
  /** No such stack, so no such flow. A digest has this value once in 2^64. */
  static final long NONE = Long.MIN_VALUE;

  /** Not looked up yet: the key is to be asked. A digest has this value once in 2^64, a miss. */
  static final long OPEN = Long.MIN_VALUE + 1;

  /** In {@link #last}: where the words begin. */
  private static final int LAST_WORDS = 2;

  StackIdentity(HotConstants constants) {
    this(
        constants.hashing(),
        constants.exact(),
        constants.digestShift(),
        constants.state(),
        new long[LAST_WORDS + EncapKey.CAPACITY]);
  }

  /** The table of stacks has changed: nothing that was looked up before counts. */
  void forget() {
    last[0] = 0;
  }

  /**
   * The identity of one layer of one word, the common case. In exact mode the word itself: the
   * key's {@link #layersOfOne} say whose it is, so that nothing needs to be looked up.
   */
  long ofOneLayer(long word, int slot) {
    return exact ? word : digestOfOneLayer(word, slot) >>> digestShift;
  }

  /** What stands in the key in place of the number of layers, for one layer of one word. */
  int layersOfOne(int slot) {
    return exact ? PacketState.layersOfOne(slot) : 1;
  }

  private long digestOfOneLayer(long word, int slot) {
    return hashing.digest(
        hashing.digest(hashing.digestStart(), word), PacketState.layerWord(slot, 1));
  }

  /** The identity of any stack; {@link #NONE} if it is not interned. */
  long of(EncapKey key) {
    if (key.size() == 1) {
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
