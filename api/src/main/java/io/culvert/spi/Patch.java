package io.culvert.spi;

import io.vavr.collection.Map;

/**
 * A field of a shim that depends on the packet. The framework writes it after the template's bytes.
 * Offsets count from the first shim byte. What belongs to the carrier's own header (its length,
 * checksum, TTL, TOS, DF, flow label, ECN) is not a patch but {@link OuterPolicy}.
 */
public sealed interface Patch {
  /** Offset of the first byte written. */
  int at();

  /**
   * A 16-bit length in bytes.
   *
   * @param at offset of the field
   * @param from offset of the first byte that counts; all up to the end of the packet does
   */
  record Length(int at, int from) implements Patch {}

  /**
   * A 16-bit internet checksum from shim offset {@code from} to the end of the packet.
   *
   * @param at offset of the field
   * @param from offset of the first byte covered
   */
  record Checksum(int at, int from) implements Patch {}

  /**
   * A 32-bit sequence number from the tunnel's state.
   *
   * @param at offset of the field
   */
  record Sequence(int at) implements Patch {}

  /**
   * Three priority bits in the upper bits of the byte, from the packet's priority: for IPv4 what
   * Linux makes of the TOS byte ({@code rt_tos2priority}), for IPv6 what {@link RxCheck.Priority}
   * says, else 0.
   *
   * @param at offset of the byte; its lower five bits are the template's
   * @param classes the three bits by priority; 0 for a priority that is not there
   */
  record Priority(int at, Map<Integer, Integer> classes) implements Patch {}

  /**
   * A bit that is set if the packet came in as drop eligible, see {@link RxCheck.DropEligible}.
   *
   * @param at offset of the byte
   * @param bit its value in the byte, one of 0x80, 0x40 .. 0x01; the others are the template's
   */
  record DropEligible(int at, int bit) implements Patch {
    /** Checks that it is one bit. */
    public DropEligible {
      if (Integer.bitCount(bit) != 1 || bit > 0x80) {
        throw new IllegalArgumentException("drop eligible: bit=" + bit);
      }
    }
  }

  /**
   * A 16-bit value that is constant for a flow and spreads flows.
   *
   * @param at offset of the field
   */
  record Entropy(int at) implements Patch {}
}
