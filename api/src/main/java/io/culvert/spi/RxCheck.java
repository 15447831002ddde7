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
}
