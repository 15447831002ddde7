package io.culvert.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.testkit.law.ShimBits;
import io.culvert.testkit.law.ShimBits.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShimBitsTest {
  private static final ShimBits MPLS =
      ShimBits.of("Label 20 identity, TC 3 free, S 1 guard, TTL 8 derived");

  @Test
  void shouldNumberBitsAsRfcsDo() {
    assertThat(MPLS.length()).isEqualTo(4);
    assertThat(MPLS.bits(Kind.FREE)).containsExactly(20, 21, 22);
    assertThat(MPLS.bits(Kind.GUARD)).containsExactly(23);
    assertThat(MPLS.place(22)).isEqualTo("bit 2 of TC (byte 2)");
    assertThat(MPLS.place(32)).isEqualTo("bit 32, behind the shim");
  }

  @Test
  void shouldShowTheFieldsOfBytes() {
    assertThat(MPLS.decode(new byte[] {0x00, 0x3e, (byte) 0x8b, 0x40}))
        .isEqualTo("Label=0x3e8 TC=0x5 S=0x1 TTL=0x40");
    assertThat(MPLS.decode(new byte[] {1, 2})).isEqualTo("Label=cut TC=cut S=cut TTL=cut");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Label 20 identity            | whole bytes, not 20 bits
          Label 20                     | name, width in bits, kind
          Label none free              | name, width in bits, kind
          Label 0 free                 | name, width in bits, kind
          Label 8 fre                  | a kind: guard, identity, free, type, form or derived
          A 8 free,                    | name, width in bits, kind
          """)
  void shouldSayWhatIsWrongWithALayout(String layout, String expected) {
    assertThatThrownBy(() -> ShimBits.of(layout))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected);
  }
}
