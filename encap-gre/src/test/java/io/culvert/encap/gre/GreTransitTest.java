package io.culvert.encap.gre;

import static io.culvert.encap.gre.GreFixture.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.Transit;
import io.culvert.testkit.law.GoldenVector;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which GRE packets of others may pass through as flows: as {@code nf_flow_tuple_ip} and {@code
 * nf_flow_tuple_ipv6} of Linux have it, which want a {@code gre_base_hdr} and look at its version.
 */
class GreTransitTest {
  @Test
  void shouldDeclareItOverBothFamilies() {
    assertThat(PROVIDER.transit().map(Transit::family))
        .containsExactlyInAnyOrder(IpFamily.V4, IpFamily.V6);
    assertThat(PROVIDER.transit().map(Transit::protocol)).containsOnly(47);
  }

  /** Every value of the first 16 bits: all flags are somebody else's business. */
  @Test
  void shouldTakeVersion0WithAnyFlags() {
    for (Transit transit : PROVIDER.transit()) {
      for (int first = 0; first < 0x1_0000; first++) {
        byte[] header = {(byte) (first >>> 8), (byte) first, 0x08, 0x00};
        assertThat(transit.fits(header)).isEqualTo(first % 8 == 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void shouldWantAWholeFirstWord(int length) {
    for (Transit transit : PROVIDER.transit()) {
      assertThat(transit.fits(new byte[length])).isFalse();
    }
  }

  /** What a kernel's tunnels send, with all optional fields, and its version 1: a PPTP call's. */
  @Test
  void shouldTakeWhatAKernelSendsAndNoCalls() {
    List<byte[]> packets = List.ofAll(GreFrames.ALL).map(GoldenVector::packet);
    assertThat(packets.map(bytes -> bytes[0]).distinct().size()).isGreaterThan(3);
    byte[] call = {
      0x30, 0x01, (byte) 0x88, 0x0b, 0, 4, 0x12, 0x34, 0, 0, 0, 1, (byte) 0xff, 3, 0, 0x21
    };
    for (Transit transit : PROVIDER.transit()) {
      assertThat(packets.forAll(transit::fits)).isTrue();
      assertThat(transit.fits(call)).isFalse();
      assertThat(transit.fits(Arrays.copyOf(call, 4))).isFalse();
    }
  }
}
