package io.culvert.flowtable;

/**
 * Memory of a table.
 *
 * @param nativeBytes entries, indexes, the control path's rows and templates: allocated once
 * @param stacks tunnel stacks interned; always 0 in the hash modes
 * @param templates different ways out
 */
public record MemoryUse(long nativeBytes, int stacks, int templates) {}
