package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.Hashing;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.StackTable;
import io.culvert.spi.EncapKey;

/** Turns the identity words of a packet's tunnels into what the flow key holds of them. */
final class StackIdentity {
  /** No such stack, so no such flow. A digest has this value once in 2^64. */
  static final long NONE = Long.MIN_VALUE;

  private final EncapKey oneLayer = new EncapKey();
  private final Hashing hashing;
  private final boolean exact;
  private final int digestShift;
  private StackTable.View stacks;
  private long lastAddresses;
  private int lastSlot;
  private long lastIdentity;

  StackIdentity(HotConstants constants) {
    hashing = constants.hashing();
    exact = constants.exact();
    digestShift = constants.digestShift();
    stacks = constants.state().stacks();
  }

  /** The table of stacks has changed. */
  void update(StackTable.View newStacks) {
    stacks = newStacks;
    lastSlot = 0; // No slot: the next packet is looked up.
  }

  /** The identity of one layer without own words. Packets come in runs: the last one is kept. */
  long ofOneLayer(long addresses, int slot) {
    return addresses == lastAddresses && slot == lastSlot
        ? lastIdentity
        : lookUpOneLayer(addresses, slot);
  }

  private long lookUpOneLayer(long addresses, int slot) {
    oneLayer.truncate(0);
    oneLayer.add(addresses);
    oneLayer.add(PacketState.layerWord(slot, 1));
    lastIdentity = lookUp(oneLayer);
    lastAddresses = addresses;
    lastSlot = slot;
    return lastIdentity;
  }

  /** The interned number of a stack, or its digest; {@link #NONE} if it is not interned. */
  long of(EncapKey key) {
    return key.overflowed() ? NONE : lookUp(key);
  }

  private long lookUp(EncapKey key) {
    long digest = StackTable.digest(hashing, key);
    if (!exact) {
      return digest >>> digestShift;
    }
    int number = stacks.find(key, digest);
    return number == 0 ? NONE : number;
  }
}
