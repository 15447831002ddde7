package io.culvert.testkit.law;

import io.culvert.spi.Direction;
import io.culvert.spi.InnerType;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A packet that somebody else made: an example of a standard, or a frame that a kernel sent.
 *
 * @param source where it is from, for messages
 * @param settings settings of the tunnel that it belongs to, seen from our end
 * @param inner what is carried
 * @param direction {@link Direction#TRANSMIT} if our end sends it, else the peer's
 * @param packet what stands behind the carrier, trimmed to the carrier's length: shim and payload;
 *     where the shim tells its length, padding may follow
 * @param shimLength bytes of the shim
 */
@SuppressWarnings("ArrayRecordComponent") // Copied, and never compared.
public record GoldenVector(
    String source,
    Settings settings,
    InnerType inner,
    Direction direction,
    byte[] packet,
    int shimLength) {

  /** Copies the packet, and checks that the shim lies in it. */
  public GoldenVector {
    if (shimLength < 0 || shimLength > packet.length) {
      throw new IllegalArgumentException(
          "golden vector: shimLength=" + shimLength + " packet=" + packet.length + " bytes");
    }
    packet = packet.clone();
  }

  /**
   * A packet of ours.
   *
   * @param source where it is from
   * @param sample settings of the tunnel, and what is carried
   * @param shim the shim in hex; blanks are skipped
   * @param payload what it carries, in hex; blanks are skipped
   */
  public static GoldenVector of(String source, Sample sample, String shim, String payload) {
    byte[] front = bytes(shim);
    byte[] behind = bytes(payload);
    byte[] packet = Arrays.copyOf(front, front.length + behind.length);
    System.arraycopy(behind, 0, packet, front.length, behind.length);
    return new GoldenVector(
        source, sample.settings(), sample.inner(), Direction.TRANSMIT, packet, front.length);
  }

  /**
   * A packet of ours in a frame, such as one of a {@link io.culvert.testkit.golden.GoldenScenario}
   * or of a {@link io.culvert.testkit.pcap.CaptureReader}.
   *
   * @param source where it is from
   * @param sample settings of the tunnel, and what is carried
   * @param frame the frame, which ends where the carrier's payload does
   * @param at offset of the first byte behind the carrier's header
   * @param shimLength bytes of the shim
   */
  public static GoldenVector inFrame(
      String source, Sample sample, byte[] frame, int at, int shimLength) {
    byte[] packet = Arrays.copyOfRange(frame, at, frame.length);
    return new GoldenVector(
        source, sample.settings(), sample.inner(), Direction.TRANSMIT, packet, shimLength);
  }

  /** The same packet, as one that the peer sends. */
  public GoldenVector received() {
    return new GoldenVector(source, settings, inner, Direction.RECEIVE, packet, shimLength);
  }

  /** A copy of the packet. */
  @Override
  public byte[] packet() {
    return packet.clone();
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
  }

  @Override
  public String toString() {
    return source;
  }
}
