package io.culvert.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.wire.IpAddress;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.MacAddress;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static final IpAddress ADDRESS = new Ipv4Address(0xc000_0201);
  private static final MacAddress MAC = new MacAddress(0x0200_0000_0001L);
  private static final Settings ALL =
      Settings.of("toy")
          .with("number", 7)
          .with("word", "inherit")
          .with("flag", true)
          .with("address", ADDRESS)
          .with("mac", MAC);

  @Test
  void shouldGiveBackWhatWasSet() {
    assertThat(ALL.number("number")).isEqualTo(Option.some(7L));
    assertThat(ALL.word("word")).isEqualTo(Option.some("inherit"));
    assertThat(ALL.flag("flag", false)).isTrue();
    assertThat(ALL.address("address")).isEqualTo(Option.some(ADDRESS));
    assertThat(ALL.mac("mac")).isEqualTo(Option.some(MAC));
    assertThat(ALL.linkType()).isEqualTo("toy");
  }

  @Test
  void shouldGiveNothingForAFieldThatIsUnsetOrOfAnotherKind() {
    for (String field : new String[] {"number", "word", "flag", "address", "mac", "unset"}) {
      assertThat(ALL.number(field).isDefined()).isEqualTo(field.equals("number"));
      assertThat(ALL.word(field).isDefined()).isEqualTo(field.equals("word"));
      assertThat(ALL.address(field).isDefined()).isEqualTo(field.equals("address"));
      assertThat(ALL.mac(field).isDefined()).isEqualTo(field.equals("mac"));
      assertThat(ALL.flag(field, false)).isEqualTo(field.equals("flag"));
      assertThat(ALL.flag(field, true)).isTrue();
    }
    assertThat(ALL.with("flag", false).flag("flag", true)).isFalse();
  }

  @Test
  void shouldNeverChangeTheSettingsThatItStartsFrom() {
    Settings changed = ALL.with("number", 8).without("word");
    assertThat(changed.number("number")).isEqualTo(Option.some(8L));
    assertThat(changed.word("word")).isEqualTo(Option.none());
    assertThat(ALL.number("number")).isEqualTo(Option.some(7L));
    assertThat(ALL.word("word")).isEqualTo(Option.some("inherit"));
  }

  @Test
  void shouldBeEqualWhateverTheOrderOfTheFields() {
    Settings one = Settings.of("toy").with("a", 1).with("b", 2);
    Settings other = Settings.of("toy").with("b", 2).with("a", 1);
    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(one).isNotEqualTo(Settings.of("yot").with("a", 1).with("b", 2));
  }
}
