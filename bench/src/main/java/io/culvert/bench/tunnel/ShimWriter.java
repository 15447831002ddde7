package io.culvert.bench.tunnel;

import io.culvert.spi.Patch;
import io.culvert.spi.Shim;
import io.culvert.testkit.law.PlainFrames;
import java.util.Arrays;

/** Writes a shim in front of what it carries, with its patches. */
final class ShimWriter {
  private ShimWriter() {}

  /**
   * A shim with its fields, and its content.
   *
   * @param shim the shim
   * @param content what follows
   * @param priority of the packet
   * @param sequence number for a sequence field
   * @param entropy the flow's, for an entropy field
   */
  static byte[] write(Shim shim, byte[] content, int priority, int sequence, int entropy) {
    byte[] packet = Arrays.copyOf(shim.bytes(), shim.length() + content.length);
    System.arraycopy(content, 0, packet, shim.length(), content.length);
    for (Patch patch : shim.patches()) {
      switch (patch) {
        case Patch.Length(int at, int from) -> PlainFrames.put16(packet, at, packet.length - from);
        case Patch.Entropy(int at) -> PlainFrames.put16(packet, at, entropy);
        case Patch.Sequence(int at) -> {
          PlainFrames.put16(packet, at, sequence >>> 16);
          PlainFrames.put16(packet, at + 2, sequence);
        }
        case Patch.Priority(int at, var classes) ->
            packet[at] |= (byte) (classes.get(priority).getOrElse(0) << 5);
        // A frame of a capture comes from nowhere that could have marked it.
        case Patch.DropEligible _, Patch.Checksum _ -> {}
      }
    }
    // Last, since it covers the others.
    for (Patch patch : shim.patches()) {
      if (patch instanceof Patch.Checksum(int at, int from)) {
        long sum = Checksums.sum(packet, from, packet.length);
        PlainFrames.put16(packet, at, Checksums.field(sum));
      }
    }
    return packet;
  }
}
