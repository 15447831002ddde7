package io.culvert.testkit.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.InnerType;
import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.codec.PlainPacket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EcnDecapsulationTest {
  /** RFC 6040, figure 4; ECN field as a number: 0 Not-ECT, 1 ECT(1), 2 ECT(0), 3 CE; -1 drops. */
  @ParameterizedTest(name = "inner {0}")
  @CsvSource({
    // inner, and the result by outer Not-ECT, ECT(0), ECT(1), CE
    "0, 0, 0, 0, -1",
    "2, 2, 2, 1, 3",
    "1, 1, 1, 1, 3",
    "3, 3, 3, 3, 3"
  })
  void shouldFollowFigure4(int inner, int notEct, int ect0, int ect1, int ce) {
    assertThat(EcnDecapsulation.mark(0, inner)).isEqualTo(notEct);
    assertThat(EcnDecapsulation.mark(2, inner)).isEqualTo(ect0);
    assertThat(EcnDecapsulation.mark(1, inner)).isEqualTo(ect1);
    assertThat(EcnDecapsulation.mark(3, inner)).isEqualTo(ce);
  }

  @Test
  void shouldKeepAWrongChecksumWrong() {
    byte[] packet = new byte[20];
    packet[0] = 0x45;
    packet[1] = 2;
    Octets.fillHeaderChecksum(packet);
    byte[] right = EcnDecapsulation.apply(3, new PlainPacket(InnerType.IPV4, packet)).get();
    assertThat(Octets.isHeaderChecksumRight(right, 20)).isTrue();
    packet[10] ^= 1;
    byte[] wrong = EcnDecapsulation.apply(3, new PlainPacket(InnerType.IPV4, packet)).get();
    assertThat(Octets.isHeaderChecksumRight(wrong, 20)).isFalse();
  }

  @Test
  void shouldMarkTheTrafficClassOfIpv6() {
    byte[] packet = new byte[40];
    packet[0] = 0x6a;
    packet[1] = (byte) 0xa5;
    byte[] marked = EcnDecapsulation.apply(3, new PlainPacket(InnerType.IPV6, packet)).get();
    assertThat(marked[0]).isEqualTo((byte) 0x6a);
    assertThat(marked[1]).isEqualTo((byte) 0xb5);
  }
}
