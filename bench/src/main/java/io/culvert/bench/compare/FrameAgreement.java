package io.culvert.bench.compare;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** Checks, before anything is timed, that all sides send the same. */
final class FrameAgreement {
  private static final int IP = 14;
  private static final int HEADER_END = IP + 20;
  private static final int ID = IP + 4;
  private static final int CHECKSUM = IP + 10;

  private FrameAgreement() {}

  /**
   * Compares what the sides showed.
   *
   * @param shown by name, in order: words separated by blanks
   * @param hasOuter true if the words are frames whose first header is an outer one: its id is each
   *     sender's own, and its checksum must be right by itself
   * @return what differs, or empty
   */
  static Optional<String> check(Map<String, String> shown, boolean hasOuter) {
    String first = "";
    String[] expected = {};
    for (Map.Entry<String, String> side : shown.entrySet()) {
      String[] words = words(side.getValue(), hasOuter);
      if (Arrays.asList(words).contains("")) {
        return Optional.of(side.getKey() + " did not send a frame, or with a wrong checksum");
      }
      if (!first.isEmpty() && !Arrays.equals(expected, words)) {
        return Optional.of(difference(first, expected, side.getKey(), words));
      }
      first = first.isEmpty() ? side.getKey() : first;
      expected = words;
    }
    return Optional.empty();
  }

  private static String[] words(String line, boolean hasOuter) {
    String[] words = line.split(" ", -1);
    return hasOuter
        ? Arrays.stream(words).map(FrameAgreement::masked).toArray(String[]::new)
        : words;
  }

  /** Without outer id and checksum; empty if the checksum is wrong. */
  private static String masked(String hex) {
    if (hex.length() < 2 * HEADER_END) {
      return "";
    }
    byte[] frame = HexFormat.of().parseHex(hex);
    int sum = 0;
    for (int at = IP; at < HEADER_END; at += 2) {
      sum += (frame[at] & 0xff) << 8 | (frame[at + 1] & 0xff);
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    Arrays.fill(frame, ID, ID + 2, (byte) 0);
    Arrays.fill(frame, CHECKSUM, CHECKSUM + 2, (byte) 0);
    return sum == 0xffff ? HexFormat.of().formatHex(frame) : "";
  }

  private static String difference(String first, String[] a, String other, String[] b) {
    int at = Arrays.mismatch(a, b);
    return first
        + " and "
        + other
        + " differ in number "
        + at
        + ": "
        + (at < a.length ? a[at] : "nothing")
        + " and "
        + (at < b.length ? b[at] : "nothing");
  }
}
