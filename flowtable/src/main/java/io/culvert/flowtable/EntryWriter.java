package io.culvert.flowtable;

import io.culvert.flowtable.table.FlowStore;
import java.lang.foreign.MemorySegment;

/**
 * Fills the entries of a flow that is new.
 *
 * @param store where they are
 * @param generation the generation in which it is offered
 * @param lastSeenMs when it is said to have been seen
 */
record EntryWriter(FlowStore store, int generation, int lastSeenMs) {
  /**
   * Fills one direction's entry.
   *
   * @param entry its number
   * @param tuple what its packets come in with
   * @param in by what way its packets come in: the other direction's way out
   * @param out its way out
   * @param translation what happens to its addresses and ports
   */
  void write(int entry, FlowTuple tuple, WayInUse in, WayInUse out, int translation) {
    Identity identity = in.identity();
    store.writeKey(entry, TupleWords.addresses(tuple), identity.portsWord(tuple), identity.encap());
    MemorySegment entries = store.entries();
    long at = store.at(entry);
    short mtu = (short) Math.min(out.path().mtu(), 0xffff);
    entries.set(FlowStore.INT, at + FlowStore.TEMPLATE_OFFSET, out.template());
    entries.set(FlowStore.SHORT, at + FlowStore.MTU_OFFSET, mtu);
    entries.set(FlowStore.INT, at + FlowStore.LAST_SEEN_OFFSET, lastSeenMs);
    entries.set(FlowStore.INT, at + FlowStore.RX_PROGRAM_OFFSET, in.rxProgram());
    entries.set(FlowStore.INT, at + FlowStore.NAT_OFFSET, translation);
    entries.set(FlowStore.INT, at + FlowStore.GENERATION_OFFSET, generation);
  }
}
