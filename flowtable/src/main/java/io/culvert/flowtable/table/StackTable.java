package io.culvert.flowtable.table;

import io.culvert.spi.EncapKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Tunnel stacks as dense numbers: the identity words of a stack are interned once, so that an exact
 * match costs a flow four bytes, however long the words are.
 *
 * <p>A stack's number is the position of its record in {@link View#words}: the count, then the
 * words. Number 0 is no stack. Reference-counted by the flows; one writer at a time.
 *
 * <p><em>Readers</em> work on a {@link View}, which stays consistent while a new one is made: a
 * record is written before the index says where it is. The number of a stack that nobody refers to
 * any more leaves the index with {@link #withdraw}, and is used again only after {@link #reclaim},
 * which is to be called when no reader can have it.
 */
public final class StackTable {

  /**
   * What the packet path reads.
   *
   * @param index open addressing: digest's upper half as tag, number in the lower half; 0 is free
   * @param words the records
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared; the arrays are the point.
  public record View(long[] index, long[] words) {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    /** The number of the stack in {@code key}, at least two words; 0 if it is not interned. */
    public int find(EncapKey key, long digest) {
      long candidate = (long) LONGS.getAcquire(index, (int) digest & index.length - 1);
      // Spelled out for the first slot and two words, one IPv4 layer: the JIT would unroll loops.
      return candidate >>> 32 == digest >>> 32 && same(key, (int) candidate)
          ? (int) candidate
          : candidate == 0 ? 0 : findBehind(key, digest);
    }

    private int findBehind(EncapKey key, long digest) {
      int slot = (int) digest;
      while (true) {
        long candidate = (long) LONGS.getAcquire(index, ++slot & index.length - 1);
        if (candidate == 0) {
          return 0;
        }
        if (candidate >>> 32 == digest >>> 32 && same(key, (int) candidate)) {
          return (int) candidate;
        }
      }
    }

    private boolean same(EncapKey key, int number) {
      int size = key.size();
      if (words[number] != size
          || words[number + 1] != key.word(0)
          || words[number + 2] != key.word(1)) {
        return false;
      }
      for (int word = 2; word < size; word++) {
        if (words[number + 1 + word] != key.word(word)) {
          return false;
        }
      }
      return true;
    }
  }

  private final Hashing hashing;
  private final Map<Integer, Integer> references = new HashMap<>();
  private volatile View view = new View(new long[16], new long[64]);
  private final Map<Integer, ArrayDeque<Integer>> freeBySize = new HashMap<>();
  private final Set<Integer> unreferenced = new LinkedHashSet<>();
  private int end = 1;

  /** An empty table. */
  public StackTable(Hashing hashing) {
    this.hashing = hashing;
  }

  /** What the packet path reads now. */
  public View view() {
    return view;
  }

  /** Stacks interned. */
  public int size() {
    return references.size();
  }

  /** The keyed digest of a key's words, at least two. */
  public static long digest(Hashing hashing, EncapKey key) {
    long digest = hashing.digest(hashing.digestStart(), key.word(0));
    digest = hashing.digest(digest, key.word(1));
    int size = key.size();
    for (int word = 2; word < size; word++) {
      digest = hashing.digest(digest, key.word(word));
    }
    return digest;
  }

  /** The number of the stack in {@code key}, interned if need be, with one more reference. */
  public int intern(EncapKey key) {
    long digest = digest(hashing, key);
    int number = view.find(key, digest);
    if (number == 0) {
      number = append(key, digest);
    }
    unreferenced.remove(number);
    references.merge(number, 1, Integer::sum);
    return number;
  }

  /** Gives one reference back. */
  public void release(int number) {
    if (number != 0 && references.merge(number, -1, Integer::sum) == 0) {
      references.remove(number);
      unreferenced.add(number);
    }
  }

  /** Takes the stacks that nobody refers to out of what readers see from now on. */
  public void withdraw() {
    if (!unreferenced.isEmpty()) {
      rebuild(view.index().length, view.words());
    }
  }

  /** No reader has a number any more that was withdrawn. */
  public void reclaim() {
    long[] words = view.words();
    for (int number : unreferenced) {
      freeBySize.computeIfAbsent((int) words[number], _ -> new ArrayDeque<>()).addLast(number);
    }
    unreferenced.clear();
  }

  private int append(EncapKey key, long digest) {
    int number = allocate(key.size());
    long[] words = view.words();
    words[number] = key.size();
    for (int word = 0; word < key.size(); word++) {
      words[number + 1 + word] = key.word(word);
    }
    if ((references.size() + unreferenced.size() + 1) * 2 > view.index().length) {
      rebuild(view.index().length * 2, words);
    }
    insert(view.index(), digest, number);
    return number;
  }

  /** A record for {@code size} words: one that a stack of this size left, or a new one. */
  private int allocate(int size) {
    ArrayDeque<Integer> left = freeBySize.get(size);
    Integer reused = left == null ? null : left.pollFirst();
    if (reused != null) {
      return reused;
    }
    int number = end;
    end += 1 + size;
    if (end > view.words().length) {
      // A new index too: what is added from now on must not be found by readers of the old words.
      view = new View(view.index().clone(), Arrays.copyOf(view.words(), Math.max(end, 2 * number)));
    }
    return number;
  }

  private void rebuild(int slots, long[] words) {
    long[] index = new long[slots];
    for (int number : references.keySet()) {
      EncapKey key = new EncapKey();
      for (int word = 0; word < words[number]; word++) {
        key.add(words[number + 1 + word]);
      }
      insert(index, digest(hashing, key), number);
    }
    view = new View(index, words);
  }

  private static void insert(long[] index, long digest, int number) {
    int slot = (int) digest & index.length - 1;
    while (index[slot] != 0) {
      slot = slot + 1 & index.length - 1;
    }
    View.LONGS.setRelease(index, slot, (digest & 0xffff_ffff_0000_0000L) | number);
  }
}
