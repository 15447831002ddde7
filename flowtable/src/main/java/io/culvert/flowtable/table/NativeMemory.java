package io.culvert.flowtable.table;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * Where a table's memory comes from: zeroed, and given back when nobody has it any more.
 *
 * <p><em>Whole:</em> allocated by the JDK, which writes to all of it.
 *
 * <p><em>Reserved:</em> addresses alone, by {@code mmap(2)}; the system gives a page when it is
 * first written to, and takes pages back by {@link #release}. Linux only, and only with native
 * access enabled, as the JDK wants it for calls of foreign functions.
 */
public final class NativeMemory {
  private static final long HUGE_PAGE = 2 << 20;

  /** A multiple of every size of a small page that Linux has. */
  private static final long PAGES = 64 << 10;

  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_HUGEPAGE = 14;
  private static final long MAP_FAILED = -1;

  private final boolean reserves;
  private final boolean huge;

  private NativeMemory(boolean reserves, boolean huge) {
    this.reserves = reserves;
    this.huge = huge;
  }

  /** Memory that is there at once. */
  public static NativeMemory whole() {
    return new NativeMemory(false, false);
  }

  /**
   * Memory that comes when it is used.
   *
   * @param huge true to ask the system for huge pages, which it may refuse silently
   * @throws UnsupportedOperationException on another system than Linux, or without native access
   */
  public static NativeMemory reserved(boolean huge) {
    String system = System.getProperty("os.name", "");
    if (!system.toLowerCase(Locale.ROOT).contains("linux")) {
      throw new UnsupportedOperationException(
          "flow table: a table that grows or has huge pages needs Linux, os.name=" + system);
    }
    Module module = NativeMemory.class.getModule();
    if (!module.isNativeAccessEnabled()) {
      throw new UnsupportedOperationException(
          "flow table: a table that grows or has huge pages needs native access,"
              + " run java with --enable-native-access="
              + (module.isNamed() ? module.getName() : "ALL-UNNAMED"));
    }
    return new NativeMemory(true, huge);
  }

  /** What a part of memory is rounded up to that is to be released by itself. */
  long granule() {
    return huge ? HUGE_PAGE : reserves ? PAGES : FlowIndex.BUCKET;
  }

  /**
   * Zeroed memory, aligned for cache lines, or if it is reserved for huge pages.
   *
   * @throws OutOfMemoryError if there is none
   */
  public MemorySegment allocate(long bytes) {
    return reserves ? map(bytes) : Arena.ofAuto().allocate(bytes, FlowIndex.BUCKET);
  }

  @SuppressWarnings("restricted") // Checked by reserved().
  private MemorySegment map(long bytes) {
    long mapped = bytes + HUGE_PAGE; // some of it is in front of the alignment
    long address = Calls.map(mapped, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE);
    if (address == MAP_FAILED) {
      throw new OutOfMemoryError("flow table: mmap of " + mapped + " bytes failed");
    }
    MemorySegment all =
        MemorySegment.ofAddress(address)
            .reinterpret(mapped, Arena.ofAuto(), gone -> Calls.unmap(gone.address(), mapped));
    MemorySegment memory = all.asSlice(-address & HUGE_PAGE - 1, bytes);
    if (huge) {
      // Refused where the kernel has none: then the table has small pages.
      Calls.advise(memory.address(), bytes, MADV_HUGEPAGE);
    }
    return memory;
  }

  /**
   * Gives the pages of a part back, which is zero from now on. Nobody may be using it.
   *
   * @param memory of {@link #allocate}
   * @param at a multiple of {@link #granule}
   * @param bytes of it
   */
  void release(MemorySegment memory, long at, long bytes) {
    if (!reserves || Calls.advise(memory.address() + at, bytes, MADV_DONTNEED) != 0) {
      memory.asSlice(at, bytes).fill((byte) 0);
    }
  }

  /** The calls, looked up when the first one is made. */
  private static final class Calls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final AddressLayout ADDRESS = ValueLayout.ADDRESS;
    private static final MethodHandle MMAP =
        handle(
            "mmap",
            FunctionDescriptor.of(
                ADDRESS,
                ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG));
    private static final MethodHandle MUNMAP =
        handle(
            "munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle MADVISE =
        handle(
            "madvise",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    private Calls() {}

    @SuppressWarnings("restricted") // Checked by reserved().
    private static MethodHandle handle(String name, FunctionDescriptor type) {
      return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
    }

    static long map(long bytes, int protection, int flags) {
      try {
        MemorySegment mapped =
            (MemorySegment) MMAP.invokeExact(MemorySegment.NULL, bytes, protection, flags, -1, 0L);
        return mapped.address();
      } catch (Throwable impossible) {
        throw new AssertionError(impossible);
      }
    }

    static void unmap(long address, long bytes) {
      try {
        int _ = (int) MUNMAP.invokeExact(MemorySegment.ofAddress(address), bytes);
      } catch (Throwable impossible) {
        throw new AssertionError(impossible);
      }
    }

    static int advise(long address, long bytes, int advice) {
      try {
        return (int) MADVISE.invokeExact(MemorySegment.ofAddress(address), bytes, advice);
      } catch (Throwable impossible) {
        throw new AssertionError(impossible);
      }
    }
  }
}
