package io.culvert.flowtable;

import io.culvert.flowtable.table.Hashing;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.StackTable;
import io.culvert.spi.EncapKey;
import io.culvert.wire.IpFamily;
import org.jspecify.annotations.Nullable;

/** How tunnel stacks stand in keys: exactly, by number or by their only word, or as a digest. */
final class StackIdentities {
  private final int digestBits;
  private final Hashing hashing;
  private final StackTable stacks;
  private final PacketState state;

  /**
   * No stacks yet.
   *
   * @param digestBits 16, 32 or 64; 0 for an exact match
   */
  StackIdentities(int digestBits, Hashing hashing, PacketState state) {
    this.digestBits = digestBits;
    this.hashing = hashing;
    this.state = state;
    stacks = new StackTable(hashing);
    state.stacks(stacks.view());
  }

  /** Stacks interned. */
  int size() {
    return stacks.size();
  }

  /**
   * The identity of packets with this stack; null if it is not interned, so that no flow has it.
   */
  @Nullable Identity find(IpFamily family, int port, EncapKey stack, int depth) {
    if (!isInterned(stack, depth)) {
      return known(family, port, stack, depth);
    }
    int number = stacks.view().find(stack, StackTable.digest(hashing, stack));
    return number == 0 ? null : new Identity(family, port, depth, number);
  }

  /** The same, interned if need be; each call wants one {@link #release}. */
  Identity intern(IpFamily family, Received received) {
    EncapKey stack = received.stack();
    int depth = received.depth();
    if (!isInterned(stack, depth)) {
      return known(family, received.port(), stack, depth);
    }
    int number = stacks.intern(stack);
    state.stacks(stacks.view());
    return new Identity(family, received.port(), depth, number);
  }

  private Identity known(IpFamily family, int port, EncapKey stack, int depth) {
    if (depth == 0) {
      return new Identity(family, port, 0, 0);
    }
    if (isOneWord(stack)) {
      int layers = PacketState.layersOfOne((int) stack.word(1));
      return new Identity(family, port, layers, stack.word(0));
    }
    long digest = StackTable.digest(hashing, stack) >>> (64 - digestBits);
    return new Identity(family, port, depth, digest);
  }

  /** Gives the stack of an identity back. */
  void release(Received received, Identity identity) {
    if (isInterned(received.stack(), received.depth())) {
      stacks.release((int) identity.encap());
    }
  }

  /** Takes the stacks that nobody has any more out of what workers see. */
  void withdraw() {
    stacks.withdraw();
    state.stacks(stacks.view());
  }

  /** No worker has the number of such a stack any more. */
  void reclaim() {
    stacks.reclaim();
  }

  private boolean isInterned(EncapKey stack, int depth) {
    return digestBits == 0 && depth > 0 && !isOneWord(stack);
  }

  /** True if the encap identity is the stack's only word: exact without a look-up. */
  private boolean isOneWord(EncapKey stack) {
    return digestBits == 0 && stack.size() == 2 && stack.word(1) >>> 32 == 1;
  }
}
