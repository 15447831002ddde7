package io.culvert.testkit.law;

import io.culvert.spi.Patch;
import io.culvert.spi.RxCheck;
import io.culvert.spi.Shim;
import io.vavr.control.Option;

/** Fills the fields of a shim in on plain byte arrays; shares no code with the packet path. */
final class PlainPatches {
  private PlainPatches() {}

  /** A shim with its fields filled in, in front of a payload. */
  static byte[] push(Shim shim, byte[] payload) {
    Option<String> problem = problem(shim);
    if (problem.isDefined()) {
      throw new IllegalStateException(problem.get());
    }
    byte[] packet = new byte[shim.length() + payload.length];
    System.arraycopy(shim.bytes(), 0, packet, 0, shim.length());
    System.arraycopy(payload, 0, packet, shim.length(), payload.length);
    for (Patch patch : shim.patches()) {
      switch (patch) {
        case Patch.Length(int at, int from) -> PlainFrames.put16(packet, at, packet.length - from);
        case Patch.Entropy(int at) -> PlainFrames.put16(packet, at, 0xc0de);
        case Patch.Sequence(int at) -> PlainFrames.put16(packet, at + 2, 1);
        case Patch.Priority _, Patch.Checksum _ -> {}
      }
    }
    // Last, since it covers the others.
    for (Patch patch : shim.patches()) {
      if (patch instanceof Patch.Checksum(int at, int from)) {
        PlainFrames.put16(packet, at, 0xffff - sum(packet, from));
      }
    }
    return packet;
  }

  /** What is wrong with a shim's patches and checks, if anything is. */
  static Option<String> problem(Shim shim) {
    boolean[] written = new boolean[shim.length()];
    byte[] bytes = shim.bytes();
    for (Patch patch : shim.patches()) {
      int end = patch.at() + width(patch);
      if (patch.at() < 0 || end > shim.length()) {
        return Option.some(patch + " does not lie in the shim of " + shim.length() + " bytes");
      }
      for (int at = patch.at(); at < end; at++) {
        int mask = patch instanceof Patch.Priority ? 0xe0 : 0xff;
        if (written[at] || (bytes[at] & mask) != 0) {
          return Option.some(
              patch
                  + " writes byte "
                  + at
                  + ", which "
                  + (written[at] ? "another patch writes too" : "is not zero"));
        }
        written[at] = true;
      }
    }
    for (RxCheck check : shim.checks()) {
      int from =
          switch (check) {
            case RxCheck.Checksum(int start) -> start;
            case RxCheck.Sequence(int at) -> at;
            case RxCheck.Priority(int at, var _) -> at;
          };
      if (from < 0 || from > shim.length()) {
        return Option.some(check + " does not begin in the shim of " + shim.length() + " bytes");
      }
    }
    return Option.none();
  }

  /** The check of a shim that a packet does not pass, if there is one. */
  static Option<RxCheck> failed(Shim shim, byte[] packet) {
    return shim.checks()
        .find(check -> check instanceof RxCheck.Checksum(int from) && sum(packet, from) != 0xffff);
  }

  /** Bytes that a patch writes. */
  static int width(Patch patch) {
    return switch (patch) {
      case Patch.Length _, Patch.Checksum _, Patch.Entropy _ -> 2;
      case Patch.Sequence _ -> 4;
      case Patch.Priority _ -> 1;
    };
  }

  /** The folded sum of 16-bit words to the end; a last odd byte is the upper half of a word. */
  private static int sum(byte[] bytes, int from) {
    long sum = 0;
    for (int i = from; i < bytes.length; i++) {
      sum += (bytes[i] & 0xffL) << ((i - from) % 2 == 0 ? 8 : 0);
    }
    return sum == 0 ? 0 : (int) ((sum - 1) % 0xffff) + 1;
  }
}
