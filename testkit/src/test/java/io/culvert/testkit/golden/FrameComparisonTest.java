package io.culvert.testkit.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.router.OwnHeader;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FrameComparisonTest {
  /** A frame of the golden scenario ipip-ttl64, as the kernel sent it. */
  private static final String ETHERNET = "020000000012" + "020000000011" + "0800";

  private static final String OUTER =
      "4500003c" + "00004000" + "4004" + "b76a" + "c0a80101c0a80102";
  private static final String INNER =
      "45000028" + "20024000" + "3f06" + "9118" + "c0a8000a0a000009";
  private static final String TCP = "00".repeat(20);

  private static final Seq<OwnHeader> OWN = List.of(new OwnHeader.Ipv4(14));

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static byte[] frame() {
    return hex(ETHERNET + OUTER + INNER + TCP);
  }

  @Test
  void shouldMaskIdAndChecksumOfOwnHeadersOnly() {
    byte[] other = frame();
    other[14 + 5] = 1;
    // One more in the id is one less in the checksum.
    other[14 + 11] = 0x69;
    assertThat(FrameComparison.difference(frame(), other, OWN)).isEmpty();
    assertThat(FrameComparison.difference(frame(), other, List.empty()))
        .contains("IPv4 header 1 identification (offset 19): expected 0x00, found 0x01");
  }

  @Test
  void shouldRefuseAWrongChecksumOfAnOwnHeader() {
    byte[] other = frame();
    other[14 + 11] ^= 1;
    assertThat(FrameComparison.difference(frame(), other, OWN))
        .contains("IPv4 header (offset 14): wrong checksum");
  }

  @Test
  void shouldNameLayerAndField() {
    byte[] ttl = frame();
    ttl[14 + 20 + 8] = 62;
    assertThat(FrameComparison.difference(frame(), ttl, OWN))
        .contains("IPv4 header 2 TTL (offset 42): expected 0x3f, found 0x3e");
    byte[] mac = frame();
    mac[0] = 4;
    assertThat(FrameComparison.difference(frame(), mac, OWN).get())
        .startsWith("Ethernet destination");
    byte[] payload = frame();
    payload[60] = 4;
    assertThat(FrameComparison.difference(frame(), payload, OWN).get())
        .startsWith("payload of IPv4 header 2");
  }

  @Test
  void shouldCompareLengths() {
    byte[] longer = java.util.Arrays.copyOf(frame(), frame().length + 1);
    assertThat(FrameComparison.difference(frame(), longer, OWN))
        .contains("length: expected 74, found 75");
  }

  /** VXLAN's outer UDP header with a checksum, over two bytes. */
  private static byte[] datagram(int sourcePort, String checksum) {
    byte[] frame =
        hex(
            ETHERNET
                + "4500001e"
                + "00004000"
                + "4011"
                + "0000"
                + "c0a80101c0a80102"
                + "000012b5"
                + "000a"
                + checksum
                + "abcd");
    Octets.put16(frame, 34, sourcePort);
    Octets.put16(frame, 24, Octets.checksum(frame, 14, 34));
    if (checksum.equals("ffff")) {
      byte[] pseudo = hex("c0a80101c0a80102" + "00000000" + "0000000a" + "00000011");
      byte[] all = Octets.join(pseudo, java.util.Arrays.copyOfRange(frame, 34, frame.length));
      Octets.put16(all, pseudo.length + 6, 0);
      Octets.put16(frame, 40, Octets.checksum(all, 0, all.length));
    }
    return frame;
  }

  private static Option<String> difference(byte[] expected, byte[] actual) {
    return FrameComparison.difference(
        expected, actual, List.of(new OwnHeader.Ipv4(14), new OwnHeader.Udp(34, 14, 49152, 49200)));
  }

  @Test
  void shouldLetASourcePortBeAnyOfItsRange() {
    assertThat(difference(datagram(49152, "ffff"), datagram(49199, "ffff"))).isEmpty();
    assertThat(difference(datagram(49152, "0000"), datagram(49199, "0000"))).isEmpty();
    assertThat(difference(datagram(49152, "ffff"), datagram(49201, "ffff")).get())
        .contains("source port 49201 is not one of 49152..49200");
    assertThat(difference(datagram(49152, "0000"), datagram(49152, "ffff"))).isNotEmpty();
    assertThat(difference(datagram(49152, "ffff"), datagram(49152, "0000"))).isNotEmpty();
    assertThat(difference(datagram(49152, "ffff"), datagram(49152, "1234")).get())
        .contains("UDP header (offset 34): wrong checksum");
  }

  @Test
  void shouldJudgeAChecksumOfATunnelByItself() {
    byte[] frame = hex(ETHERNET + "80000800" + "0000" + "0000" + "1234");
    Octets.put16(frame, 18, Octets.checksum(frame, 14, frame.length));
    Seq<OwnHeader> own = List.of(new OwnHeader.Checksum(18, 14));
    byte[] other = frame.clone();
    other[19] ^= 1;
    assertThat(FrameComparison.difference(other, frame, own)).isEmpty();
    assertThat(FrameComparison.difference(frame, other, own).get())
        .isEqualTo("checksum (offset 18): wrong");
  }
}
