package io.culvert.encap.vlan;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.Attribute;
import io.culvert.spi.Capability;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.Patch;
import io.culvert.spi.RxCheck;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.Value;
import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings of {@code ip link add link … type vlan} come to, and each mistake. */
class VlanSettingsTest {
  private static final VlanProvider PROVIDER = new VlanProvider();
  private static final Settings TAG = Settings.of("vlan").with("link", "eth1").with("id", 100);
  private static final InnerType LENGTH = new InnerType(InnerType.ETHERTYPE, 0x05ff);

  private static EncapTuple tuple(Settings settings, Direction direction) {
    return PROVIDER.tuple(settings, InnerType.IPV4, direction).get();
  }

  private static EncapTuple transmit(Settings settings) {
    return tuple(settings, Direction.TRANSMIT);
  }

  private static Shim shim(Settings settings) {
    return PROVIDER.shim(transmit(settings), InnerType.IPV4).get();
  }

  private static Seq<EncapError> errors(Settings settings) {
    return PROVIDER.tuple(settings, InnerType.IPV4, Direction.TRANSMIT).getError();
  }

  private static Value read(String word, String text) {
    return PROVIDER.linkTypes().head().attribute(word).get().read(text).get();
  }

  private static Settings with(String word, String text) {
    return TAG.with(word, read(word, text));
  }

  @Test
  void shouldBeA8021qTagWhenNothingIsSaid() {
    EncapTuple tuple = transmit(TAG);
    assertThat(tuple.carrier()).isEqualTo(Carrier.etherType(0x8100));
    assertThat(tuple.words()).containsExactly(100L);
    assertThat(tuple.device()).isEqualTo(Option.some("eth1"));
    assertThat(tuple.addresses()).isEqualTo(Option.none());
    assertThat(tuple.peer()).isEqualTo(Option.none());
    assertThat(tuple.inner()).containsExactly(InnerType.ANY_ETHERTYPE);
    assertThat(shim(TAG)).isEqualTo(shim("00640800"));
  }

  private static Shim shim(String hex) {
    return new Shim(HexFormat.of().parseHex(hex), List.empty(), List.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "802.1Q, 8100",
    "802.1q, 8100",
    "0x8100, 8100",
    "802.1ad, 88a8",
    "802.1AD, 88a8",
    "0x88a8, 88a8",
    "0x9100, 9100"
  })
  void shouldPickTheCarrierByTheTpid(String proto, String number) {
    Carrier carrier = Carrier.etherType(Integer.parseInt(number, 16));
    Settings settings = with("proto", proto);
    assertThat(transmit(settings).carrier()).isEqualTo(carrier);
    assertThat(tuple(settings, Direction.RECEIVE).carrier()).isEqualTo(carrier);
    assertThat(PROVIDER.carriers(settings)).containsExactly(carrier);
  }

  @Test
  void shouldTakeEveryVid() {
    for (int vid = 0; vid <= 4094; vid++) {
      Settings settings = TAG.with("id", vid);
      assertThat(transmit(settings).words()).containsExactly((long) vid);
      assertThat(shim(settings)).isEqualTo(shim(String.format("%04x0800", vid)));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 4095, 4096, 65536 + 100})
  void shouldRefuseAVidThatIsNone(long vid) {
    assertThat(errors(TAG.with("id", vid)))
        .containsExactly(new EncapError.OutOfRange("id", vid, 0, 4094));
  }

  @Test
  void shouldSendTheTypeOfWhatIsInside() {
    for (int type : new int[] {0x0600, 0x0800, 0x86dd, 0x8100, 0x8864, 0xffff}) {
      InnerType inner = new InnerType(InnerType.ETHERTYPE, type);
      assertThat(PROVIDER.shim(transmit(TAG), inner).get())
          .isEqualTo(shim(String.format("0064%04x", type)));
    }
  }

  @Test
  void shouldSetDeiOnTransmitOnly() {
    Settings settings = with("dei", "on");
    assertThat(shim(settings)).isEqualTo(shim("10640800"));
    assertThat(PROVIDER.shim(tuple(settings, Direction.RECEIVE), InnerType.IPV4).get())
        .isEqualTo(shim("00640800"));
    assertThat(shim(with("dei", "off"))).isEqualTo(shim("00640800"));
  }

  @Test
  void shouldKeepTheDropMarkBothWays() {
    Settings settings = with("dei", "keep");
    assertThat(shim(settings).bytes()).isEqualTo(shim("00640800").bytes());
    assertThat(shim(settings).patches()).containsExactly(new Patch.DropEligible(0, 0x10));
    Shim taken = PROVIDER.shim(tuple(settings, Direction.RECEIVE), InnerType.IPV4).get();
    assertThat(taken.checks()).containsExactly(new RxCheck.DropEligible(0, 0x10));
  }

  @Test
  void shouldMapPriorityToPcpOnTransmitOnly() {
    Settings settings = with("egress-qos-map", "0:1 1:2 2:3 4:5 6:7 7:6");
    assertThat(shim(settings).patches())
        .containsExactly(new Patch.Priority(0, HashMap.of(0, 1, 1, 2, 2, 3, 4, 5, 6, 7, 7, 6)));
    assertThat(shim(settings).checks()).isEmpty();
    Shim taken = PROVIDER.shim(tuple(settings, Direction.RECEIVE), InnerType.IPV4).get();
    assertThat(taken.patches()).isEmpty();
    assertThat(taken.checks()).isEmpty();
  }

  @Test
  void shouldMapPcpToPriorityOnReceiptOnly() {
    Settings settings = with("ingress-qos-map", "0:0 1:1 5:6");
    Shim taken = PROVIDER.shim(tuple(settings, Direction.RECEIVE), InnerType.IPV4).get();
    assertThat(taken.checks())
        .containsExactly(new RxCheck.Priority(0, HashMap.of(0, 0, 1, 1, 5, 6)));
    assertThat(taken.patches()).isEmpty();
    assertThat(shim(settings).checks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"reorder_hdr", "gvrp", "mvrp", "loose_binding", "bridge_binding"})
  void shouldReadWhatChangesNoFrame(String word) {
    assertThat(transmit(with(word, "on"))).isEqualTo(transmit(TAG));
    assertThat(transmit(with(word, "off"))).isEqualTo(transmit(TAG));
  }

  @Test
  void shouldSayWhatIsMissing() {
    assertThat(errors(TAG.without("id")))
        .containsExactly(new EncapError.Missing("id", "a VID, 0..4094"));
    assertThat(errors(TAG.without("link")))
        .containsExactly(new EncapError.Missing("link", "the device below"));
    assertThat(errors(Settings.of("vlan"))).hasSize(2);
  }

  @Test
  void shouldReportAllMistakesAtOnce() {
    Settings settings =
        Settings.of("vlan").with("id", "x").with("proto", "802.1X").with("dei", true);
    Seq<EncapError> errors =
        PROVIDER.tuple(settings, InnerType.ETHERNET, Direction.TRANSMIT).getError();
    assertThat(errors).hasSize(5);
    assertThat(errors.filter(EncapError.Invalid.class::isInstance)).hasSize(3);
    assertThat(errors.filter(EncapError.Missing.class::isInstance)).hasSize(1);
    assertThat(errors.filter(EncapError::isOutOfScope)).hasSize(1);
    assertThat(PROVIDER.carriers(settings)).isEmpty();
  }

  @Test
  void required_law18_whatIsNotClaimedIsRefused() {
    assertThat(PROVIDER.capabilities())
        .containsExactly(Capability.overEthernet(InnerType.ANY_ETHERTYPE));
    for (InnerType inner : List.of(InnerType.ETHERNET, new InnerType(77, 0x0800), LENGTH)) {
      for (Direction direction : Direction.values()) {
        Seq<EncapError> errors = PROVIDER.tuple(TAG, inner, direction).getError();
        assertThat(errors).hasSize(1);
        assertThat(errors.head()).isInstanceOf(EncapError.Unsupported.class);
      }
      assertThat(PROVIDER.shim(transmit(TAG), inner).getLeft().isOutOfScope()).isTrue();
    }
    assertThat(PROVIDER.tuple(TAG, InnerType.ANY_ETHERTYPE, Direction.TRANSMIT).isValid()).isTrue();
    assertThat(PROVIDER.shim(transmit(TAG), InnerType.ANY_ETHERTYPE).isLeft())
        .as("no frame is of any type")
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "id, 4095",
    "id, -1",
    "id, x",
    "proto, 802.1X",
    "proto, 0x0800",
    "egress-qos-map, 0:8",
    "egress-qos-map, 16:0",
    "egress-qos-map, 0",
    "ingress-qos-map, 8:0",
    "ingress-qos-map, 0:16",
    "dei, 1",
    "reorder_hdr, yes"
  })
  void shouldRefuseToReadNonsense(String word, String text) {
    Attribute attribute = PROVIDER.linkTypes().head().attribute(word).get();
    assertThat(attribute.read(text).isLeft()).isTrue();
    assertThat(attribute.read(text).getLeft()).contains(text);
  }
}
