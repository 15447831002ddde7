package io.culvert.flowtable.table;

import io.culvert.wire.InternetChecksum;

/**
 * What the translation of a direction's addresses and ports does to the checksums of its packets,
 * as one word of the flow's entry. The new addresses and ports themselves need no room: those of
 * the other direction's key, turned round, are what the packet goes out with.
 *
 * <pre>
 * 31           16 15            0
 * IPv4 header    | TCP or UDP        changes for {@link InternetChecksum#update}
 * </pre>
 *
 * <p>Neither half is ever 0, so that 0 says that nothing is translated.
 */
public final class Translation {
  private static final long WORD = 0xffff_ffffL;

  private Translation() {}

  /**
   * The word of a direction.
   *
   * @param before addresses that its packets come with, source first, as words of a flow key
   * @param portsBefore source port in the upper, destination port in the lower half
   * @param after addresses that they go out with
   * @param portsAfter ports that they go out with
   * @return the word; 0 if nothing changes
   */
  public static int word(long[] before, int portsBefore, long[] after, int portsAfter) {
    boolean isSame = portsBefore == portsAfter;
    long addresses = 0;
    for (int i = 0; i < before.length; i++) {
      isSame &= before[i] == after[i];
      addresses += words(~before[i]) + words(after[i]);
    }
    long ports = (~portsBefore & WORD) + (portsAfter & WORD);
    return isSame ? 0 : delta(addresses) << 16 | delta(addresses + ports);
  }

  private static long words(long bits) {
    return (bits >>> 32) + (bits & WORD);
  }

  /** Folded; a sum of 0, of all ones to all zeros, changes as little as 0xffff does. */
  private static int delta(long sum) {
    return sum == 0 ? 0xffff : InternetChecksum.fold(sum);
  }

  /** Change of an IPv4 header's checksum. */
  public static int header(int word) {
    return word >>> 16;
  }

  /** Change of the TCP or UDP checksum. */
  public static int transport(int word) {
    return word & 0xffff;
  }

  /** Addresses of an IPv4 key, source in the upper half, turned round. */
  public static long turned(long addresses) {
    return addresses << 32 | addresses >>> 32;
  }

  /** Ports of the other direction's key, turned round: source in the upper half. */
  public static int turnedPorts(long portsWord) {
    return Integer.rotateLeft((int) (portsWord >>> 32), 16);
  }
}
