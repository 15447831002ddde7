package io.culvert.flowtable;

import io.culvert.flowtable.registry.EncapRegistry;
import io.vavr.collection.List;
import java.util.function.LongSupplier;

/**
 * What must not be in the packet path: each breaks one rule, so that the rules are seen to bite.
 */
@SuppressWarnings("unused") // Only their class files are looked at.
final class Offenders {
  private Offenders() {}

  static final class NamesAsString {
    static final String[] TYPES = {"a vxlan device"};
  }

  static final class NamesAsIdentifier {
    int greKey;
  }

  static final class PppoeSession {}

  static final class NamesNothing {
    int egress;
    String aggregate = "progress";
  }

  static final class UsesVavr {
    int size(List<String> words) {
      return words.size();
    }
  }

  static final class UsesFlowtable {
    static EncapRegistry registry() {
      return EncapRegistry.of();
    }
  }

  /** Each method breaks one rule. */
  static class PacketMethods {
    private static final Object LOCK = new Object();
    private Object kept = LOCK;
    private long[] words = {1};
    private static Object shared = LOCK;

    Object makes() {
      return new Object();
    }

    long[] makesArray(int length) {
      return new long[length];
    }

    Object[] makesReferenceArray(int length) {
      return new Object[length];
    }

    long[][] makesArrays(int length) {
      return new long[length][length];
    }

    LongSupplier captures(long word) {
      return () -> word;
    }

    String concatenates(long word) {
      return "word " + word;
    }

    void locks() {
      synchronized (LOCK) {
        words[0]++;
      }
    }

    synchronized void locksItself() {
      words[0]++;
    }

    void fails(RuntimeException prepared) {
      throw prepared;
    }

    void keeps(Object reference) {
      kept = reference;
    }

    void keepsArray(long[] newWords) {
      words = newWords;
    }

    static void shares(Object reference) {
      shared = reference;
    }

    void storesInto(Object[] array, Object reference) {
      array[0] = reference;
    }
  }

  /** Does what a packet method may do. */
  static final class Innocent {
    private long sum;
    private final int[] counts = new int[4];

    long adds(long word, int at) {
      counts[at & 3]++;
      sum += word;
      return Math.max(sum, word);
    }
  }
}
