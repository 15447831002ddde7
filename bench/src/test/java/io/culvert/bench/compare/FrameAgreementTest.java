package io.culvert.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FrameAgreementTest {
  private static final String MACS = "020000000012" + "020000000011" + "0800";
  private static final String ONE =
      MACS + "45000046000040003f04b860" + "c0a80101c0a80102" + "4500003200";
  // Id 1, and the checksum one less.
  private static final String OTHER_ID =
      MACS + "45000046000140003f04b85f" + "c0a80101c0a80102" + "4500003200";

  private static Optional<String> check(String a, String b, boolean hasOuter) {
    return FrameAgreement.check(new TreeMap<>(Map.of("a", a, "b", b)), hasOuter);
  }

  @Test
  void shouldIgnoreTheOuterIdAlone() {
    assertThat(check(ONE + " " + ONE, OTHER_ID + " " + ONE, true)).isEmpty();
    assertThat(check(ONE, OTHER_ID, false))
        .hasValueSatisfying(text -> assertThat(text).startsWith("a and b differ in number 0"));
    assertThat(check(ONE, ONE.replace("3200", "3201"), true)).isPresent();
  }

  @Test
  void shouldRefuseAWrongChecksumAndMissingFrames() {
    assertThat(check(ONE, ONE.replace("b860", "b861"), true))
        .hasValue("b did not send a frame, or with a wrong checksum");
    assertThat(check(ONE + " ", ONE + " ", true))
        .hasValue("a did not send a frame, or with a wrong checksum");
    assertThat(check(ONE + " " + ONE, ONE, true))
        .hasValueSatisfying(text -> assertThat(text).contains("number 1", "nothing"));
  }
}
