package io.culvert.flowtable;

/**
 * Memory of a table.
 *
 * @param nativeBytes entries, indexes, the control path's rows and templates: for the flows that
 *     there is room for now; of a table that grows the system gives pages as they are used
 * @param stacks tunnel stacks interned; always 0 in the hash modes
 * @param templates different ways out
 */
public record MemoryUse(long nativeBytes, int stacks, int templates) {}
