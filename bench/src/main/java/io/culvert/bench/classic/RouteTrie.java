package io.culvert.bench.classic;

import java.util.Arrays;

/**
 * Longest-prefix match for IPv4 in at most three loads: a multi-bit trie with strides 16, 8 and 8
 * in one array. Prefixes are expanded to the next stride, so a lookup never turns back.
 *
 * <p>A word is a value (0 is "no route"), or, if negative, the place of the next node. Built once,
 * then only read.
 */
final class RouteTrie {
  static final int NO_ROUTE = 0;

  private static final int ROOT = 1 << 16;
  private static final int NODE = 1 << 8;

  private int[] words = new int[ROOT];

  /** Prefix length that put the value there, for inserts in any order. */
  private byte[] lengths = new byte[ROOT];

  private int used = ROOT;

  RouteTrie() {
    Arrays.fill(lengths, (byte) -1);
  }

  /** Adds or replaces a prefix; {@code value} is positive. */
  void put(int address, int length, int value) {
    if (length < 0 || length > 32 || value <= 0) {
      throw new IllegalArgumentException("route: length=" + length + " value=" + value);
    }
    if (length <= 16) {
      fill(address >>> 16, 16 - length, length, value);
      return;
    }
    int second = child(address >>> 16);
    if (length <= 24) {
      fill(second + (address >>> 8 & 0xff), 24 - length, length, value);
      return;
    }
    int third = child(second + (address >>> 8 & 0xff));
    fill(third + (address & 0xff), 32 - length, length, value);
  }

  /** The value of the longest prefix that covers an address, or {@link #NO_ROUTE}. */
  int lookup(int address) {
    int[] table = words;
    int word = table[address >>> 16];
    if (word < 0) {
      word = table[-word + (address >>> 8 & 0xff)];
      if (word < 0) {
        word = table[-word + (address & 0xff)];
      }
    }
    return word;
  }

  /** Sets the words that a prefix covers, and those below them, where nothing longer stands. */
  private void fill(int at, int freeBits, int length, int value) {
    int first = at >>> freeBits << freeBits;
    for (int word = first; word < first + (1 << freeBits); word++) {
      if (words[word] < 0) {
        fill(-words[word], 8, length, value);
      } else if (lengths[word] <= length) {
        words[word] = value;
        lengths[word] = (byte) length;
      }
    }
  }

  /** The node below a word, made from the word's value if there is none. */
  private int child(int at) {
    if (words[at] < 0) {
      return -words[at];
    }
    int node = used;
    used += NODE;
    if (used > words.length) {
      words = Arrays.copyOf(words, 2 * words.length);
      lengths = Arrays.copyOf(lengths, words.length);
    }
    Arrays.fill(words, node, used, words[at]);
    Arrays.fill(lengths, node, used, lengths[at]);
    words[at] = -node;
    return node;
  }
}
