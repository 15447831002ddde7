package io.culvert.encap.pppoe;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.Attribute;
import io.culvert.spi.Capability;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.Patch;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.Value;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings of {@code type pppoe} come to, and each mistake. */
class PppoeSettingsTest {
  private static final PppoeProvider PROVIDER = new PppoeProvider();
  private static final MacAddress PEER = new MacAddress(0x02_00_00_00_00_12L);
  private static final Settings SESSION =
      Settings.of("pppoe").with("session", 0x1234).with("peer", PEER).with("link", "eth1");

  private static EncapTuple transmit(Settings settings) {
    return PROVIDER.tuple(settings, InnerType.IPV4, Direction.TRANSMIT).get();
  }

  private static Seq<EncapError> errors(Settings settings) {
    return PROVIDER.tuple(settings, InnerType.IPV4, Direction.TRANSMIT).getError();
  }

  private static Shim shim(String hex) {
    return new Shim(HexFormat.of().parseHex(hex), List.of(new Patch.Length(4, 6)), List.empty());
  }

  @Test
  void shouldBelongToOnePeerInBothDirections() {
    EncapTuple tuple = transmit(SESSION);
    assertThat(tuple.carrier()).isEqualTo(Carrier.etherTypeByPeer(0x8864));
    assertThat(tuple.words()).containsExactly(0x1234L);
    assertThat(tuple.peer()).isEqualTo(Option.some(PEER));
    assertThat(tuple.device()).isEqualTo(Option.some("eth1"));
    assertThat(tuple.addresses()).isEqualTo(Option.none());
    assertThat(tuple.inner()).containsExactly(InnerType.IPV4, InnerType.IPV6);
    assertThat(PROVIDER.tuple(SESSION, InnerType.IPV4, Direction.RECEIVE).get()).isEqualTo(tuple);
    assertThat(PROVIDER.carriers(SESSION)).containsExactly(tuple.carrier());
  }

  @Test
  void shouldSendEverySession() {
    for (int session = 1; session <= 0xfffe; session++) {
      EncapTuple tuple = transmit(SESSION.with("session", session));
      assertThat(tuple.words()).containsExactly((long) session);
      assertThat(PROVIDER.shim(tuple, InnerType.IPV4).get())
          .isEqualTo(shim(String.format("1100%04x00000021", session)));
    }
  }

  @Test
  void shouldSendTheProtocolOfWhatIsInside() {
    assertThat(PROVIDER.shim(transmit(SESSION), InnerType.IPV6).get())
        .isEqualTo(shim("1100123400000057"));
  }

  @ParameterizedTest
  @CsvSource({"0x1234, 4660", "4660, 4660", "1, 1", "65534, 65534"})
  void shouldReadSessionsInBothBases(String text, long session) {
    Attribute attribute = PROVIDER.linkTypes().head().attribute("session").get();
    assertThat(attribute.read(text).get()).isEqualTo(new Value.Num(session));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 65535, 65536})
  void shouldRefuseWhatIsNoSession(long session) {
    assertThat(errors(SESSION.with("session", session)))
        .containsExactly(new EncapError.OutOfRange("session", session, 1, 65534));
  }

  @ParameterizedTest
  @CsvSource({"ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01", "00:00:00:00:00:00"})
  void shouldRefuseAPeerThatIsNoStation(String mac) {
    assertThat(errors(SESSION.with("peer", MacAddress.parse(mac).get())))
        .containsExactly(new EncapError.Invalid("peer", mac, "a unicast MAC address"));
  }

  @Test
  void shouldSayWhatIsMissing() {
    assertThat(errors(SESSION.without("session")))
        .containsExactly(new EncapError.Missing("session", "a session, 1..65534"));
    assertThat(errors(SESSION.without("peer")))
        .containsExactly(new EncapError.Missing("peer", "the MAC address of the other station"));
    assertThat(errors(SESSION.without("link")))
        .containsExactly(new EncapError.Missing("link", "the device below"));
  }

  @Test
  void shouldReportAllMistakesAtOnce() {
    Settings settings =
        Settings.of("pppoe")
            .with("session", 0)
            .with("peer", MacAddress.parse("ff:ff:ff:ff:ff:ff").get());
    Seq<EncapError> errors =
        PROVIDER.tuple(settings, InnerType.ETHERNET, Direction.TRANSMIT).getError();
    assertThat(errors).hasSize(4);
    assertThat(errors.filter(EncapError::isOutOfScope)).hasSize(1);
  }

  @Test
  void required_law18_whatIsNotClaimedIsRefused() {
    assertThat(PROVIDER.capabilities())
        .containsExactly(
            Capability.overEthernet(InnerType.IPV4), Capability.overEthernet(InnerType.IPV6));
    for (InnerType inner :
        List.of(
            InnerType.ETHERNET,
            InnerType.ANY_ETHERTYPE,
            new InnerType(InnerType.ETHERTYPE, 0x8847))) {
      for (Direction direction : Direction.values()) {
        Seq<EncapError> errors = PROVIDER.tuple(SESSION, inner, direction).getError();
        assertThat(errors).hasSize(1);
        assertThat(errors.head()).isInstanceOf(EncapError.Unsupported.class);
      }
      assertThat(PROVIDER.shim(transmit(SESSION), inner).getLeft().isOutOfScope()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"session, 0", "session, 65535", "session, x", "peer, 1.2.3.4", "peer, 02:00"})
  void shouldRefuseToReadNonsense(String word, String text) {
    Attribute attribute = PROVIDER.linkTypes().head().attribute(word).get();
    assertThat(attribute.read(text).isLeft()).isTrue();
    assertThat(attribute.read(text).getLeft()).contains(text);
  }
}
