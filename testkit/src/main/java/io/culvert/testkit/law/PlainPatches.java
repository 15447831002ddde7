package io.culvert.testkit.law;

import io.culvert.spi.Patch;
import io.culvert.spi.RxCheck;
import io.culvert.spi.Shim;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Fills the fields of a shim in on plain byte arrays; shares no code with the packet path. */
final class PlainPatches {
  private PlainPatches() {}

  /**
   * What a packet's fields are filled in from besides its bytes: what a sender has at hand.
   *
   * @param priority chooses among the classes of a priority patch
   * @param isDropEligible true if the packet came as drop eligible
   * @param sequence the sequence number
   * @param entropy the flow's value, 16 bits
   */
  record State(int priority, boolean isDropEligible, int sequence, int entropy) {
    /** Values that differ from packet to packet, and are the same for the same payload. */
    static State of(byte[] payload) {
      int mixed = Arrays.hashCode(payload) * 0x9e3779b1;
      return new State(mixed >>> 29, (mixed >>> 28 & 1) != 0, mixed, mixed >>> 8 & 0xffff);
    }
  }

  /** A shim with its fields filled in, in front of a payload that also decides the state. */
  static byte[] push(Shim shim, byte[] payload) {
    return push(shim, payload, State.of(payload));
  }

  /** A shim with its fields filled in, in front of a payload. */
  static byte[] push(Shim shim, byte[] payload, State state) {
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
        case Patch.Entropy(int at) -> PlainFrames.put16(packet, at, state.entropy());
        case Patch.Sequence(int at) -> {
          PlainFrames.put16(packet, at, state.sequence() >>> 16);
          PlainFrames.put16(packet, at + 2, state.sequence());
        }
        case Patch.Priority(int at, var classes) ->
            packet[at] |= (byte) (priority(classes, state.priority()) << 5);
        case Patch.DropEligible(int at, int bit) ->
            packet[at] |= (byte) (state.isDropEligible() ? bit : 0);
        case Patch.Checksum _ -> {}
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

  private static int priority(Map<Integer, Integer> classes, int choice) {
    Seq<Integer> bits = classes.values().append(0);
    return bits.get(choice % bits.size());
  }

  /** What is wrong with a shim's patches and checks, if anything is. */
  static Option<String> problem(Shim shim) {
    int[] written = new int[shim.length()];
    byte[] bytes = shim.bytes();
    for (Patch patch : shim.patches()) {
      int end = patch.at() + width(patch);
      if (patch.at() < 0 || end > shim.length()) {
        return Option.some(patch + " does not lie in the shim of " + shim.length() + " bytes");
      }
      for (int at = patch.at(); at < end; at++) {
        int mask = mask(patch);
        if ((written[at] & mask) != 0 || (bytes[at] & mask) != 0) {
          return Option.some(
              patch
                  + " writes byte "
                  + at
                  + ", which "
                  + ((written[at] & mask) != 0 ? "another patch writes too" : "is not zero"));
        }
        written[at] |= mask;
      }
    }
    Option<String> range = shim.patches().map(patch -> range(patch, shim)).find(o -> !o.isEmpty());
    return range.orElse(
        () -> shim.checks().map(check -> range(check, shim)).find(o -> !o.isEmpty()));
  }

  /** What is wrong with the numbers of a patch besides its place; empty if nothing is. */
  private static String range(Patch patch, Shim shim) {
    return switch (patch) {
      case Patch.Length(int _, int from) ->
          from >= 0 && from <= shim.length() ? "" : patch + " does not count from within the shim";
      // A sum beside its own field would have to be zero before, not in the packet that is sent.
      case Patch.Checksum(int at, int from) ->
          from >= 0 && from <= at ? "" : patch + " does not cover its own field";
      case Patch.Priority(int _, var classes) ->
          classes.values().forAll(bits -> bits >= 0 && bits <= 7)
              ? ""
              : patch + " has a class that is not of three bits";
      case Patch.Sequence _, Patch.Entropy _, Patch.DropEligible _ -> "";
    };
  }

  private static String range(RxCheck check, Shim shim) {
    if (check instanceof RxCheck.Bits(int at, long mask, long _)) {
      boolean isInside = at >= 0 && at < shim.length();
      for (int bit = 0; bit < 64; bit++) {
        boolean counts = (mask >>> (63 - bit) & 1) != 0;
        isInside &= !counts || at + bit / 8 < shim.length();
      }
      return isInside ? "" : check + " has bits outside of the shim of " + shim.length() + " bytes";
    }
    int from =
        switch (check) {
          case RxCheck.Checksum(int start) -> start;
          case RxCheck.Sequence(int at) -> at + 3;
          case RxCheck.Bits(int at, long _, long _) -> at;
          case RxCheck.Priority(int at, var _) -> at;
          case RxCheck.DropEligible(int at, int _) -> at;
        };
    // A sum may begin right behind the shim, a field may not.
    boolean lies = from >= 0 && from < shim.length() + (check instanceof RxCheck.Checksum ? 1 : 0);
    return lies ? "" : check + " does not begin in the shim of " + shim.length() + " bytes";
  }

  /** The check of a shim that a packet does not pass, if there is one. */
  static Option<RxCheck> failed(Shim shim, byte[] packet) {
    return shim.checks()
        .find(check -> check instanceof RxCheck.Checksum(int from) && sum(packet, from) != 0xffff)
        .orElse(() -> wrongBits(shim.checks(), packet));
  }

  /** The check of bits that a packet does not pass, if there is one. */
  static Option<RxCheck> wrongBits(Seq<RxCheck> checks, byte[] packet) {
    return checks.find(check ->
        check instanceof RxCheck.Bits(int at, long mask, long value)
            && IntStream.range(0, 64)
                .anyMatch(bit -> {
                  boolean counts = (mask >>> (63 - bit) & 1) != 0;
                  boolean isWanted = (value >>> (63 - bit) & 1) != 0;
                  return counts && isWanted != ShimBits.isSet(packet, 8 * at + bit);
                }));
  }

  /** Bytes that a patch writes. */
  static int width(Patch patch) {
    return switch (patch) {
      case Patch.Length _, Patch.Checksum _, Patch.Entropy _ -> 2;
      case Patch.Sequence _ -> 4;
      case Patch.Priority _, Patch.DropEligible _ -> 1;
    };
  }

  /** The bits that a patch writes in each of its bytes. */
  static int mask(Patch patch) {
    return switch (patch) {
      case Patch.Priority _ -> 0xe0;
      case Patch.DropEligible(int _, int bit) -> bit;
      case Patch.Length _, Patch.Checksum _, Patch.Entropy _, Patch.Sequence _ -> 0xff;
    };
  }

  /** The folded sum of 16-bit words to the end; a last odd byte is the upper half of a word. */
  static int sum(byte[] bytes, int from) {
    long sum = 0;
    for (int i = from; i < bytes.length; i++) {
      sum += (bytes[i] & 0xffL) << ((i - from) % 2 == 0 ? 8 : 0);
    }
    return sum == 0 ? 0 : (int) ((sum - 1) % 0xffff) + 1;
  }
}
