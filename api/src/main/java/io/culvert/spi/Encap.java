package io.culvert.spi;

import java.lang.foreign.MemorySegment;

/**
 * The receive side of one protocol behind one carrier.
 *
 * <p>Stateless and shared by all workers. Called once per layer and packet: it must not allocate,
 * throw, block, write to the frame or keep it. An implementation that throws loses its slot.
 */
@FunctionalInterface
public interface Encap {

  /**
   * Looks at the shim that starts at {@code at}, and adds the provider's identity words (VID,
   * session, key, VNI …) to {@code key}. Words may be added before a refusal; the framework drops
   * them.
   *
   * @param frame the memory that holds the frame, and more; only {@code [at, end)} may be read
   * @param at absolute offset of the first shim byte; equal to {@code end} if nothing follows the
   *     carrier's header
   * @param end absolute offset behind the payload, already trimmed by the carrier's own length
   * @param key receives the identity words
   * @return a {@link Match}: a hit that fits into {@code [at, end)}, or a negative code
   */
  long match(MemorySegment frame, long at, long end, EncapKey key);
}
