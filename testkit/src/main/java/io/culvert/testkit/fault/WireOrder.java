package io.culvert.testkit.fault;

import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.Patch;
import io.culvert.spi.RxCheck;
import io.culvert.spi.Shim;
import io.vavr.collection.Seq;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The first bytes of shims in another order. Immutable. */
final class WireOrder {
  private final int[] order;

  /**
   * An order.
   *
   * @param order where each byte of the wire comes from: each number below its length once
   */
  WireOrder(int... order) {
    boolean[] isThere = new boolean[order.length];
    for (int from : order) {
      if (from < 0 || from >= order.length || isThere[from]) {
        throw new IllegalArgumentException("order: " + java.util.Arrays.toString(order));
      }
      isThere[from] = true;
    }
    this.order = order.clone();
  }

  /** The shim as it is sent; fields of several bytes must stay together. */
  Shim sent(Shim shim) {
    if (shim.length() < order.length) {
      return shim;
    }
    byte[] bytes = shim.bytes();
    byte[] moved = bytes.clone();
    for (int at = 0; at < order.length; at++) {
      moved[at] = bytes[order[at]];
    }
    return new Shim(moved, patches(shim.patches()), checks(shim.checks()));
  }

  private Seq<Patch> patches(Seq<Patch> patches) {
    return patches.map(patch ->
        switch (patch) {
          case Patch.Length(int at, int from) -> new Patch.Length(moved(at), from);
          case Patch.Checksum(int at, int from) -> new Patch.Checksum(moved(at), from);
          case Patch.Sequence(int at) -> new Patch.Sequence(moved(at));
          case Patch.Priority(int at, var classes) -> new Patch.Priority(moved(at), classes);
          case Patch.DropEligible(int at, int bit) -> new Patch.DropEligible(moved(at), bit);
          case Patch.Entropy(int at) -> new Patch.Entropy(moved(at));
        });
  }

  private Seq<RxCheck> checks(Seq<RxCheck> checks) {
    return checks.map(check ->
        switch (check) {
          case RxCheck.Checksum checksum -> checksum;
          case RxCheck.Bits(int at, long mask, long value) ->
              new RxCheck.Bits(at, moved(at, mask), moved(at, value));
          case RxCheck.DropEligible(int at, int bit) -> new RxCheck.DropEligible(moved(at), bit);
          case RxCheck.Sequence(int at) -> new RxCheck.Sequence(moved(at));
          case RxCheck.Priority(int at, var priorities) ->
              new RxCheck.Priority(moved(at), priorities);
        });
  }

  /** Eight bytes from {@code at} on, each where it comes to stand; they stay among themselves. */
  private long moved(int at, long bytes) {
    long result = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      long value = bytes >>> (56 - 8 * i) & 0xff;
      int to = moved(at + i) - at;
      if (value != 0 && (to < 0 || to >= Long.BYTES)) {
        throw new IllegalArgumentException("bits: byte " + (at + i) + " leaves its word");
      }
      result |= value == 0 ? 0 : value << (56 - 8 * to);
    }
    return result;
  }

  /** Where a byte comes to stand. */
  private int moved(int at) {
    for (int place = 0; place < order.length; place++) {
      if (order[place] == at) {
        return place;
      }
    }
    return at;
  }

  /** A receive side for shims in this order, of one for the usual order. */
  Encap receiveSide(Encap usual) {
    return (frame, at, end, key) -> match(usual, frame, at, end, key);
  }

  private long match(Encap usual, MemorySegment frame, long at, long end, EncapKey key) {
    if (end - at < order.length) {
      return usual.match(frame, at, end, key);
    }
    byte[] packet = frame.asSlice(at, end - at).toArray(ValueLayout.JAVA_BYTE);
    byte[] usualOrder = packet.clone();
    for (int place = 0; place < order.length; place++) {
      usualOrder[order[place]] = packet[place];
    }
    try (java.lang.foreign.Arena arena = java.lang.foreign.Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(Math.max(1, usualOrder.length));
      MemorySegment.copy(usualOrder, 0, memory, ValueLayout.JAVA_BYTE, 0, usualOrder.length);
      return usual.match(memory, 0, usualOrder.length, key);
    }
  }
}
