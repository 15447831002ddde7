package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.Packets.with4;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static io.culvert.flowtable.fixture.Site.packet;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.FakeNetwork;
import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Rig.Outcome;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.Reason;
import io.culvert.spi.Settings;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The outer IPv4 header is what the tunnel's settings say. */
class OuterHeaderTest {
  private static final Settings TUNNEL =
      FakeNetwork.settings("toy", "192.0.2.1", "192.0.2.9").with("key", 7);

  private static Site siteWith(Settings settings) {
    Site site = Site.exact();
    site.network().tunnel(TOY, "toy0", 1472, settings);
    site.accept("10.2.0.2");
    site.accept("2001:db8:2::2");
    return site;
  }

  /** The outer header of what a packet becomes; its checksum must be right. */
  private static byte[] outer(Site site, byte... packet) {
    Outcome outcome = site.rig().send(LAN, fromHost(packet));
    assertThat(outcome.reason()).isEqualTo(Reason.NONE);
    byte[] header = Arrays.copyOfRange(outcome.frame(), 14, 34);
    assertThat(Packets.seal4(header.clone())).isEqualTo(header);
    assertThat((header[2] & 0xff) << 8 | (header[3] & 0xff)).isEqualTo(packet.length + 28);
    return header;
  }

  @ParameterizedTest
  @CsvSource({"0, 64, 63", "0, 2, 1", "0, 255, 254", "1, 64, 1", "64, 2, 64", "255, 9, 255"})
  void shouldFillTheTtlByThePolicy(long setting, int inner, int expected) {
    Site site = siteWith(TUNNEL.with("ttl", setting));
    assertThat(outer(site, with4(packet("10.2.0.2"), 8, inner))[8]).isEqualTo((byte) expected);
    assertThat(outer(site, Packets.with(packet("2001:db8:2::2"), 7, inner))[8])
        .isEqualTo((byte) expected);
  }

  /** DSCP by the policy, ECN always by its mode. */
  @ParameterizedTest
  @CsvSource({
    "0, rfc6040, b8, 00",
    "0, rfc6040, bb, 03",
    "0, rfc6040, 01, 01",
    "0, rfc6040, 02, 02",
    "0, rfc3168, bb, 02",
    "0, rfc3168, b9, 01",
    "0, compatibility, bb, 00",
    "40, rfc6040, bb, 43",
    "40, compatibility, bb, 40",
    "42, rfc6040, b8, 40",
    "inherit, rfc6040, bb, bb",
    "inherit, rfc3168, bb, ba",
    "inherit, compatibility, bb, b8",
    "1, rfc6040, b9, b9"
  })
  void shouldFillTheTosByThePolicy(String setting, String mode, String inner, String expected) {
    Settings settings = TUNNEL.with("ecn", mode);
    settings =
        setting.equals("inherit")
            ? settings.with("tos", "inherit")
            : settings.with("tos", Integer.parseInt(setting, 16));
    Site site = siteWith(settings);
    int tos = Integer.parseInt(inner, 16);
    byte wanted = (byte) Integer.parseInt(expected, 16);
    assertThat(outer(site, with4(packet("10.2.0.2"), 1, tos))[1]).isEqualTo(wanted);
    byte[] six = packet("2001:db8:2::2");
    six[0] |= (byte) (tos >>> 4);
    six[1] |= (byte) (tos << 4);
    assertThat(outer(site, six)[1]).isEqualTo(wanted);
  }

  @Test
  void shouldSetDfOrInheritItOrClearItByThePolicy() {
    byte[] with = packet("10.2.0.2");
    byte[] without = with4(with, 6, 0);
    Site set = siteWith(TUNNEL);
    assertThat(outer(set, with)[6]).isEqualTo((byte) 0x40);
    assertThat(outer(set, without)[6]).isEqualTo((byte) 0x40);
    Site inherit = siteWith(TUNNEL.with("pmtudisc", false));
    assertThat(outer(inherit, with)[6]).isEqualTo((byte) 0x40);
    assertThat(outer(inherit, without)[6]).isZero();
    assertThat(outer(inherit, packet("2001:db8:2::2"))[6]).isZero();
    Site clear = siteWith(TUNNEL.with("policy-clear", true));
    assertThat(outer(clear, with)[6]).isZero();
  }

  /** RFC 6864 §4: an atomic datagram's id is 0 here, the others' differ, none is the inner one. */
  @Test
  void shouldNumberOnlyDatagramsThatMayBeFragmented() {
    Site set = siteWith(TUNNEL);
    Site clear = siteWith(TUNNEL.with("policy-clear", true));
    Set<Integer> ids = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      byte[] atomic = outer(set, packet("10.2.0.2"));
      assertThat(atomic[4] | atomic[5]).isZero();
      byte[] other = outer(clear, packet("10.2.0.2"));
      ids.add((other[4] & 0xff) << 8 | (other[5] & 0xff));
    }
    assertThat(ids).hasSize(1000);
  }

  /** The reserved flag of an inner header is not DF. */
  @ParameterizedTest
  @ValueSource(ints = {0x80, 0xc0})
  void shouldNotInheritTheReservedFlag(int flags) {
    Site inherit = siteWith(TUNNEL.with("pmtudisc", false));
    assertThat(outer(inherit, with4(packet("10.2.0.2"), 6, flags))[6])
        .isEqualTo((byte) (flags & 0x40));
  }
}
