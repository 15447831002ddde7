package io.culvert.spi;

import io.vavr.collection.Map;

/**
 * What is done with a received shim after the flow was found and before the first write. Offsets
 * count from the first shim byte. A check that fails sends the frame to the slow path.
 */
public sealed interface RxCheck {

  /**
   * The internet checksum from shim offset {@code from} to the end of the packet is good.
   *
   * @param from offset of the first byte covered
   */
  record Checksum(int from) implements RxCheck {}

  /**
   * Some bits have a value: what this device asks for, and another one of its protocol may not.
   * What all devices ask for is {@link Encap#match}'s business, and what tells devices apart an
   * identity word; this is for bits of which one device wants a value and another takes any, such
   * as reserved bits under a setting that ignores them.
   *
   * @param at offset of the first of eight bytes, taken in network order
   * @param mask the bits that count, none of them behind the shim; the highest is the first byte's
   *     first
   * @param value what they must be; 0 where the mask is
   */
  record Bits(int at, long mask, long value) implements RxCheck {
    /** Checks that the value has no bit that does not count. */
    public Bits {
      if ((value & ~mask) != 0) {
        throw new IllegalArgumentException(
            "bits: mask=" + Long.toHexString(mask) + " value=" + Long.toHexString(value));
      }
    }

    @Override
    public String toString() {
      return String.format("Bits[at=%d, mask=0x%016x, value=0x%016x]", at, mask, value);
    }
  }

  /**
   * The 32-bit sequence number is not older than expected.
   *
   * @param at offset of the field
   */
  record Sequence(int at) implements RxCheck {}

  /**
   * No check: the upper three bits of a byte become the packet's priority.
   *
   * @param at offset of the byte
   * @param priorities the priority by the three bits; 0 where there is none
   */
  record Priority(int at, Map<Integer, Integer> priorities) implements RxCheck {}

  /**
   * No check: a bit says whether the packet is drop eligible. The mark goes with the packet,
   * through tunnels and whatever it carries, until a layer inside says it anew; a packet of no such
   * layer is not marked.
   *
   * @param at offset of the byte
   * @param bit its value in the byte, one of 0x80, 0x40 .. 0x01
   */
  record DropEligible(int at, int bit) implements RxCheck {
    /** Checks that it is one bit. */
    public DropEligible {
      if (Integer.bitCount(bit) != 1 || bit > 0x80) {
        throw new IllegalArgumentException("drop eligible: bit=" + bit);
      }
    }
  }
}
