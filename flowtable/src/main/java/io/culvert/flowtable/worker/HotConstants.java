package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.Hashing;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.TemplateStore;
import java.lang.constant.ConstantDescs;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * What is fixed for the life of one compiled pipeline; becomes constants of its hidden classes.
 *
 * @param frames the worker's pool
 * @param flows4 IPv4 entries
 * @param flows6 IPv6 entries
 * @param templates transmit templates
 * @param sequences the sequence numbers of tunnels
 * @param hashing the table's hash
 * @param exact true to intern tunnel stacks, false to take their digest
 * @param digestShift right shift of a 64-bit digest: 64 minus the digest's bits
 * @param match (slot, frame, at, end, key) to the result of the slot's provider
 * @param state what changes
 * @param scratch what the stages tell each other
 * @param counters frames by reason, see {@link WorkerCounters#live}
 * @param worker number of the worker
 * @param shared true if other workers count in the same entries
 * @param tunnels the parser's second half; null for that half itself
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record HotConstants(
    MemorySegment frames,
    FlowStore flows4,
    FlowStore flows6,
    TemplateStore templates,
    MemorySegment sequences,
    Hashing hashing,
    boolean exact,
    int digestShift,
    MethodHandle match,
    PacketState state,
    BurstScratch scratch,
    long[] counters,
    int worker,
    boolean shared,
    @Nullable Parser tunnels) {

  /** The same for the parser's first half. */
  HotConstants before(Parser secondHalf) {
    return new HotConstants(
        frames,
        flows4,
        flows6,
        templates,
        sequences,
        hashing,
        exact,
        digestShift,
        match,
        state,
        scratch,
        counters,
        worker,
        shared,
        secondHalf);
  }

  /** The constants that a stage's hidden class was defined with. */
  static HotConstants ofCallerClass(MethodHandles.Lookup caller) {
    try {
      return MethodHandles.classData(caller, ConstantDescs.DEFAULT_NAME, HotConstants.class);
    } catch (IllegalAccessException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }
}
