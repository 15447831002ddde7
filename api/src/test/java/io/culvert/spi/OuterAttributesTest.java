package io.culvert.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.OuterPolicy.DontFragment;
import io.culvert.spi.OuterPolicy.EcnMode;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OuterAttributesTest {
  private static final Settings NOTHING = Settings.of("toy");

  @Test
  void shouldInheritTheTtlAndSetDfWhenNothingIsSaid() {
    assertThat(OuterAttributes.policy(NOTHING).get())
        .isEqualTo(
            new OuterPolicy(
                Inheritable.INHERIT,
                Inheritable.fixed(0),
                DontFragment.SET,
                Inheritable.fixed(0),
                EcnMode.RFC6040));
  }

  /** All combinations of the kinds of value that each attribute has. */
  @Test
  void shouldMakeThePolicyOfEveryCombination() {
    Object[] ttls = {"unset", 0L, 1L, 64L, 255L, "inherit"};
    Object[] toses = {"unset", 0L, 1L, 0x10L, 0xb9L, "inherit"};
    String[] modes = {"unset", "rfc6040", "rfc3168", "compatibility"};
    for (Object ttl : ttls) {
      for (Object tos : toses) {
        for (String mode : modes) {
          for (Option<Boolean> pmtudisc : pmtudiscs()) {
            Settings settings = with(with(with(NOTHING, "ttl", ttl), "tos", tos), "ecn", mode);
            check(
                pmtudisc.map(on -> settings.with("pmtudisc", on)).getOrElse(settings),
                ttl instanceof Long fixed ? fixed : 0,
                tos,
                pmtudisc.getOrElse(true),
                mode);
          }
        }
      }
    }
  }

  private static Iterable<Option<Boolean>> pmtudiscs() {
    return java.util.List.of(Option.none(), Option.some(true), Option.some(false));
  }

  private static Settings with(Settings settings, String field, Object value) {
    return switch (value) {
      case Long number -> settings.with(field, (long) number);
      case String word when !word.equals("unset") -> settings.with(field, word);
      default -> settings;
    };
  }

  private static void check(
      Settings settings, long ttl, Object tos, boolean pmtudisc, String mode) {
    if (ttl != 0 && !pmtudisc) {
      assertThat(OuterAttributes.policy(settings).getError())
          .hasSize(1)
          .first()
          .isInstanceOf(EncapError.Conflict.class);
      return;
    }
    OuterPolicy policy = OuterAttributes.policy(settings).get();
    assertThat(policy.ttl())
        .isEqualTo(ttl == 0 ? Inheritable.INHERIT : Inheritable.fixed((int) ttl));
    assertThat(policy.tos()).isEqualTo(tos(tos));
    assertThat(policy.df()).isEqualTo(pmtudisc ? DontFragment.SET : DontFragment.INHERIT);
    assertThat(policy.flowLabel()).isEqualTo(Inheritable.fixed(0));
    assertThat(policy.ecn())
        .isEqualTo(
            switch (mode) {
              case "rfc3168" -> EcnMode.RFC3168;
              case "compatibility" -> EcnMode.COMPATIBILITY;
              default -> EcnMode.RFC6040;
            });
  }

  private static Inheritable tos(Object tos) {
    return switch (tos) {
      case Long number when number % 2 == 0 -> Inheritable.fixed(number.intValue());
      case String word when word.equals("unset") -> Inheritable.fixed(0);
      default -> Inheritable.INHERIT; // the word, and bit 0 as ip(8) marks it
    };
  }

  @ParameterizedTest
  @CsvSource({"ttl, -1", "ttl, 256", "tos, -1", "tos, 256"})
  void shouldRefuseNumbersOutOfRange(String field, long number) {
    assertThat(OuterAttributes.policy(NOTHING.with(field, number)).getError())
        .contains(new EncapError.OutOfRange(field, number, 0, 255));
  }

  @Test
  void shouldReportAllMistakesAtOnce() {
    Settings settings = NOTHING.with("ttl", 300).with("tos", 300).with("pmtudisc", false);
    assertThat(OuterAttributes.policy(settings).getError().map(EncapError::message))
        .containsExactly(
            "ttl is 300; expected 0..255",
            "tos is 300; expected 0..255",
            "ttl 300 does not go with nopmtudisc: a fixed TTL needs pmtudisc");
  }

  @Test
  void shouldChangeOneFieldOfAPolicyAtATime() {
    OuterPolicy policy = OuterPolicy.DEFAULT;
    assertThat(policy.withTtl(Inheritable.INHERIT).ttl()).isEqualTo(Inheritable.INHERIT);
    assertThat(policy.withTos(Inheritable.fixed(8)).tos()).isEqualTo(Inheritable.fixed(8));
    assertThat(policy.withDf(DontFragment.CLEAR).df()).isEqualTo(DontFragment.CLEAR);
    assertThat(policy.withEcn(EcnMode.RFC3168).ecn()).isEqualTo(EcnMode.RFC3168);
    assertThat(
            policy
                .withTtl(Inheritable.INHERIT)
                .withTos(Inheritable.INHERIT)
                .withDf(DontFragment.CLEAR)
                .withEcn(EcnMode.RFC3168)
                .withTtl(policy.ttl())
                .withTos(policy.tos())
                .withDf(policy.df())
                .withEcn(policy.ecn()))
        .isEqualTo(policy);
  }
}
