package io.culvert.flowtable;

/**
 * How a table takes its native memory.
 *
 * <p>By default all of it is there when the table is made. A table that grows reserves addresses
 * for the most flows that it may have, and takes memory as flows come: it begins with room for
 * {@link #firstIpv4Flows} and {@link #firstIpv6Flows}, and doubles the room of either family ahead
 * of need, while workers run. Each offer does a small piece of that work; no burst waits for it.
 * Room does not shrink again.
 *
 * <p>Growing and huge pages need Linux, and native access for this library: {@code java
 * --enable-native-access=io.culvert.flowtable}, or {@code ALL-UNNAMED} where it is on the class
 * path. Without, making the table throws {@link UnsupportedOperationException}.
 *
 * @param firstIpv4Flows room for IPv4 flows at first, 1..2^28, rounded up to a power of two; the
 *     most that there may be if that is less
 * @param firstIpv6Flows the same of IPv6 flows
 * @param hugePages asks the system for huge pages, which large tables gain from; what it says about
 *     them is in {@code /sys/kernel/mm/transparent_hugepage/enabled}, and it may give small ones
 */
public record TableMemory(int firstIpv4Flows, int firstIpv6Flows, boolean hugePages) {

  /** Checks that there is some room. */
  public TableMemory {
    if (firstIpv4Flows < 1 || firstIpv6Flows < 1) {
      throw new IllegalArgumentException(
          "table memory: firstIpv4Flows="
              + firstIpv4Flows
              + " firstIpv6Flows="
              + firstIpv6Flows
              + ", expected 1 or more");
    }
  }

  /** All from the beginning, in pages of the usual size. */
  public static TableMemory whole() {
    return new TableMemory(Integer.MAX_VALUE, Integer.MAX_VALUE, false);
  }

  /** Room for so many flows at first, and more when it is needed. */
  public static TableMemory growing(int firstIpv4Flows, int firstIpv6Flows) {
    return new TableMemory(firstIpv4Flows, firstIpv6Flows, false);
  }

  /** The same in huge pages, if the system has them. */
  public TableMemory withHugePages() {
    return new TableMemory(firstIpv4Flows, firstIpv6Flows, true);
  }
}
