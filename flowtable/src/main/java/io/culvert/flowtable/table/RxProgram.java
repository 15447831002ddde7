package io.culvert.flowtable.table;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What is done with the tunnel headers of a received packet after its flow was found: a list of
 * operations, shared by all flows whose stacks have the same shape.
 *
 * <pre>
 * head:       header bytes in front of the inner packet 32 | words that follow 32   (from the low end)
 * operation:  kind 8 | flags 8 | offset of the IP header 16 | offset of the field 16 | - 16
 * PRIORITY:   kind 8 | flags 8 | offset of the byte 16      | a nibble for each of eight classes
 * DROP_ELIG.: kind 8 | the bit 8 | offset of the byte 16    | -
 * BITS:       kind 8 | flags 8 | offset of eight bytes 16   | - 32, then the mask, then the value
 * </pre>
 *
 * <p>Offsets count from the frame's first byte. A packet whose headers have another length than the
 * head says is not judged at all.
 */
public final class RxProgram {
  /** Judges a UDP checksum: offset of the IP header, offset of the UDP header. */
  public static final int UDP = 1;

  /** Judges an internet checksum from the field's offset to the end of the IP packet. */
  public static final int CHECKSUM = 2;

  /** Takes the packet's priority from the upper three bits of a byte. */
  public static final int PRIORITY = 3;

  /** Judges a sequence number: offset of the field, number of the tunnel's state. At most one. */
  public static final int SEQUENCE = 4;

  /** Takes from a bit whether the packet is drop eligible. */
  public static final int DROP_ELIGIBLE = 6;

  /** Judges bits of eight bytes; two more words, the mask and the value. */
  public static final int BITS = 5;

  /** Flag: the IP header is an IPv6 one. */
  public static final int IS_6 = 1;

  /** Flag of {@link #UDP}: a checksum of 0 is good. */
  public static final int ZERO_ACCEPTED = 2;

  /** Most words of all programs. */
  public static final int MOST_WORDS = 1 << 16;

  private final Map<Integer, int[]> byHash = new HashMap<>();
  private long[] words = {0};

  /** No programs but the empty one, number 0. */
  public RxProgram() {}

  /** All programs; the number of one is the position of its head. */
  public long[] words() {
    return words;
  }

  /**
   * The number of a program; 0 for one without operations.
   *
   * @param headerLength header bytes in front of the inner packet
   * @param operations their words, one operation behind the other
   * @return the number, or -1 if there is no room for another one
   */
  public int intern(int headerLength, long... operations) {
    if (operations.length == 0) {
      return 0;
    }
    long[] program = new long[operations.length + 1];
    program[0] = (long) operations.length << 32 | headerLength;
    System.arraycopy(operations, 0, program, 1, operations.length);
    int hash = Arrays.hashCode(program);
    int[] candidates = byHash.getOrDefault(hash, new int[0]);
    for (int number : candidates) {
      if (number + program.length <= words.length
          && Arrays.equals(words, number, number + program.length, program, 0, program.length)) {
        return number;
      }
    }
    int number = words.length;
    if (number + program.length > MOST_WORDS) {
      return -1;
    }
    // A new array: a reader keeps the one that it has, in which all older numbers are the same.
    long[] longer = Arrays.copyOf(words, number + program.length);
    System.arraycopy(program, 0, longer, number, program.length);
    words = longer;
    int[] more = Arrays.copyOf(candidates, candidates.length + 1);
    more[candidates.length] = number;
    byHash.put(hash, more);
    return number;
  }

  /** An operation with two offsets. */
  public static long operation(int kind, int flags, int ipAt, int at) {
    return kind | (long) flags << 8 | (long) ipAt << 16 | (long) at << 32;
  }

  /** The words of a check of bits. */
  public static long[] bits(int at, long mask, long value) {
    return new long[] {BITS | (long) at << 16, mask, value};
  }

  /** Takes the priority from a byte. */
  public static long priority(int at, Map<Integer, Integer> priorities) {
    long nibbles = 0;
    for (int bits = 0; bits < 8; bits++) {
      nibbles |= (long) (priorities.getOrDefault(bits, 0) & 15) << (4 * bits);
    }
    return PRIORITY | (long) at << 16 | nibbles << 32;
  }

  /** Takes from a bit of a byte whether the packet is drop eligible. */
  public static long dropEligible(int at, int bit) {
    return DROP_ELIGIBLE | (long) bit << 8 | (long) at << 16;
  }

  /** Header bytes of a head. */
  public static int headerLength(long head) {
    return (int) head;
  }

  /** Words that follow a head. */
  public static int size(long head) {
    return (int) (head >>> 32);
  }

  /** Kind of an operation. */
  public static int kind(long operation) {
    return (int) operation & 0xff;
  }

  /** True if a flag is set. */
  public static boolean has(long operation, int flag) {
    return ((int) operation >>> 8 & flag) != 0;
  }

  /** The first offset. */
  public static int first(long operation) {
    return (int) operation >>> 16;
  }

  /** The second offset. */
  public static int second(long operation) {
    return (int) (operation >>> 32) & 0xffff;
  }

  /** The priority for three bits. */
  public static int priorityOf(long operation, int bits) {
    return (int) (operation >>> (32 + 4 * bits)) & 15;
  }
}
