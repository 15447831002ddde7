package io.culvert.testkit.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.Carrier;
import io.culvert.spi.InnerType;
import io.culvert.spi.Settings;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GRE by hand: the bytes as RFC 2784 and 2890 draw them, and Linux's ways with them. */
class GreTunnelTest {
  private static final String PAYLOAD = "4500001400000000403f0000c0a80001c0a80002";

  private static Settings settings(String type) {
    boolean isV6 = type.startsWith("ip6");
    Settings settings =
        Settings.of(type)
            .with("local", IpAddress.parse(isV6 ? "fd00::1" : "192.0.2.1").get())
            .with("remote", IpAddress.parse(isV6 ? "fd00::2" : "192.0.2.2").get());
    // Over IPv6 a limit is sent unless it is none, in a header that the codec does not have.
    return isV6 ? settings.with("encaplimit", "none") : settings;
  }

  private static PlainTunnel open(Settings settings) {
    return new GreCodec().open(settings).get();
  }

  private static PlainPayload payload(String hex) {
    return new PlainPayload(
        Carrier.ipProtocol(IpFamily.V4, 47), HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static String encoded(PlainTunnel tunnel) {
    byte[] packet = HexFormat.of().parseHex(PAYLOAD);
    return HexFormat.of()
        .formatHex(tunnel.encode(new PlainPacket(InnerType.IPV4, packet)).get().bytes());
  }

  @Test
  void shouldWriteFieldsInTheirOrderAndCountPackets() {
    PlainTunnel tunnel =
        open(settings("gre").with("key", 0x0a0b0c0dL).with("csum", true).with("seq", true));
    assertThat(encoded(tunnel)).matches("b0000800....00000a0b0c0d00000000" + PAYLOAD);
    String second = encoded(tunnel);
    assertThat(second).matches("b0000800....00000a0b0c0d00000001" + PAYLOAD);
    byte[] bytes = HexFormat.of().parseHex(second);
    assertThat(Octets.checksum(bytes, 0, bytes.length)).isZero();
    assertThat(tunnel.checksumAt()).contains(4);
    assertThat(tunnel.sequenceAt()).contains(12);
  }

  @Test
  void shouldKeepTheDirectionsApart() {
    PlainTunnel tunnel = open(settings("gre").with("ikey", 111).with("okey", 222));
    assertThat(encoded(tunnel)).isEqualTo("20000800000000de" + PAYLOAD);
    assertThat(tunnel.decode(payload("20000800 0000006f" + PAYLOAD), PlainPriority.BEST_EFFORT))
        .isInstanceOf(PlainDecoded.Packet.class);
    assertThat(tunnel.decode(payload("20000800 000000de" + PAYLOAD), PlainPriority.BEST_EFFORT))
        .isInstanceOf(PlainDecoded.NotMine.class);
  }

  @ParameterizedTest
  @CsvSource({
    "gre, 20000800 00000000, NotMine",
    "gre, 00000800, Packet",
    "ip6gre, 20000800 00000000, Packet",
    "gre, 88000800 0000 0000, Refused",
    "gre, 00006558, Refused",
    "gretap, 00000800, NotMine"
  })
  void shouldTakeAnAbsentKeyForKeyZeroOverIpv6Only(String type, String header, String outcome) {
    PlainDecoded decoded =
        open(settings(type)).decode(payload(header + PAYLOAD), PlainPriority.BEST_EFFORT);
    assertThat(decoded.getClass().getSimpleName()).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({
    "0000 0800, ''",
    "0080 0800, ''",
    "0800 0800, ''",
    "0008 0800, version",
    "0001 0800, version",
    "4000 0800, routing bit",
    "8000 0800 ffff 0000, checksum",
    "3000 0800 00000000, ''"
  })
  void shouldBeAsLaxAsLinuxWithReservedBits(String header, String problem) {
    String found = open(settings("gre")).illegal(payload(header + PAYLOAD)).getOrElse("");
    assertThat(found).isEqualTo(problem);
  }

  @Test
  void shouldDropLateNumbersAndForgetThemWhenTheyWrapToZero() {
    PlainTunnel tunnel = open(settings("gre").with("seq", true));
    assertThat(takes(tunnel, "fffffff0")).isTrue();
    assertThat(takes(tunnel, "fffffff0")).isFalse();
    assertThat(takes(tunnel, "7ffffff1")).isFalse();
    assertThat(takes(tunnel, "fffffff5")).isTrue();
    assertThat(takes(tunnel, "ffffffff")).isTrue();
    // 0 is expected now, which Linux cannot tell from "nothing yet".
    assertThat(takes(tunnel, "80000000")).isTrue();
    assertThat(tunnel.decode(payload("00000800" + PAYLOAD), PlainPriority.BEST_EFFORT))
        .isInstanceOf(PlainDecoded.Refused.class);
  }

  private static boolean takes(PlainTunnel tunnel, String number) {
    return tunnel.decode(payload("10000800" + number + PAYLOAD), PlainPriority.BEST_EFFORT)
        instanceof PlainDecoded.Packet;
  }
}
