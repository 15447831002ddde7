package io.culvert.testkit.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class OctetsTest {
  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  /** The example of RFC 1071 §3: the sum of these words is ddf2. */
  @Test
  void shouldComputeTheExampleOfRfc1071() {
    assertThat(Octets.checksum(hex("0001 f203 f4f5 f6f7"), 0, 8)).isEqualTo(0xffff - 0xddf2);
  }

  /**
   * By hand: 4500+0073+0000+4000+4011+c0a8+0001+c0a8+00c7 = 2479c, folded 479e, complement b861.
   */
  @Test
  void shouldComputeAHeaderByHand() {
    byte[] header = hex("4500 0073 0000 4000 4011 0000 c0a8 0001 c0a8 00c7");
    assertThat(Octets.checksum(header, 0, 20)).isEqualTo(0xb861);
    Octets.fillHeaderChecksum(header);
    assertThat(Octets.isHeaderChecksumRight(header, 20)).isTrue();
    header[19]++;
    assertThat(Octets.isHeaderChecksumRight(header, 20)).isFalse();
  }

  /** An odd byte counts as the upper half of a word. */
  @Test
  void shouldFillUpAnOddByte() {
    assertThat(Octets.checksum(hex("0102 03"), 0, 3)).isEqualTo(0xffff - 0x0402);
  }

  /** Carries beyond 16 bits come back at the lower end: ffff + ffff + 0001 = 1ffff, folded 0001. */
  @Test
  void shouldFoldCarries() {
    assertThat(Octets.checksum(hex("ffff ffff 0001"), 0, 6)).isEqualTo(0xffff - 0x0001);
    assertThat(Octets.checksum(hex("ffff"), 0, 2)).isZero();
    assertThat(Octets.checksum(new byte[0], 0, 0)).isEqualTo(0xffff);
  }

  @Test
  void shouldReadBigEndianWithoutSigns() {
    byte[] bytes = hex("80 ff fe fd 01");
    assertThat(Octets.u8(bytes, 0)).isEqualTo(0x80);
    assertThat(Octets.u16(bytes, 1)).isEqualTo(0xfffe);
    assertThat(Octets.u32(bytes, 0)).isEqualTo(0x80fffefdL);
  }
}
