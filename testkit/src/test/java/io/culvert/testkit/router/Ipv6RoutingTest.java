package io.culvert.testkit.router;

import static io.culvert.testkit.router.Packets.hex;
import static io.culvert.testkit.router.Packets.ipv6;
import static io.culvert.testkit.router.Packets.udp;
import static io.culvert.testkit.router.RouterFixture.fromClient;
import static io.culvert.testkit.router.RouterFixture.ipv6FromClient;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testkit.codec.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** IPv6 where the captures do not show it. */
class Ipv6RoutingTest {
  @ParameterizedTest(name = "{0} to {1}, hop limit {2}, {3} bytes: {4}")
  @CsvSource({
    "fd00:a::10, fd00:b::9, 64, 1500, ''",
    "fd00:a::10, fd00:b::9, 64, 1501, not-modelled:icmp",
    "fd00:a::10, fd00:b::9, 1, 60, not-modelled:icmp",
    "fd00:a::10, fd00:d::9, 64, 60, not-modelled:icmp",
    // Datagrams for the router need a checksum, and these have none.
    "fd00:a::10, fd00:a::2, 64, 60, udp-checksum",
    "fd00:a::10, fd00:a::, 64, 60, udp-checksum",
    "fd00:a::10, fd00:1::7, 64, 60, not-modelled:neighbour",
    "fd00:a::10, fe80::1, 64, 60, not-modelled:icmp",
    "fd00:a::10, ff02::1, 64, 60, udp-checksum",
    "fd00:a::10, ff02::1:ff00:2, 64, 60, udp-checksum",
    "fd00:a::10, ff02::5, 64, 60, multicast",
    "fd00:a::10, ff01::1, 64, 60, martian-destination",
    "fd00:a::10, ::1, 64, 60, martian-destination",
    "::1, fd00:b::9, 64, 60, martian-source",
    "ff02::9, fd00:b::9, 64, 60, martian-source",
    "::ffff:1.2.3.4, fd00:b::9, 64, 60, martian-source",
    "::, fd00:b::9, 64, 60, martian-source",
    "::, fd00:b::9, 1, 60, ttl",
    // No link-local route back, so no error either.
    "fe80::10, fd00:b::9, 64, 60, martian-source",
    "2001:db8::9, fd00:b::9, 1, 60, ttl"
  })
  void shouldDoWithIpv6AsLinux(String from, String to, int hopLimit, int length, String word) {
    byte[] packet = ipv6(from.replace("1.2.3.4", "102:304"), to, 17, hopLimit, udp(length - 40));
    assertThat(ipv6FromClient(packet).word()).isEqualTo(word);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "1100 0104 00000000, ''", // PadN
    "1100 0104 00000001, bad-options", // padding that is not zero
    "1100 0000 00000000, ''", // six times Pad1
    "1100 0502 0000 0100, ''", // router alert
    "1100 0503 000000 00, bad-options",
    "1100 1e04 00000000, ''", // unknown, to be skipped
    "1100 5e04 00000000, bad-options", // unknown, to be dropped
    "1100 9e04 00000000, not-modelled:icmp", // unknown, to be answered
    "1100 de04 00000000, not-modelled:icmp",
    "1100 1e05 00000000, bad-options", // longer than the header
    "1100 0704 00000000, bad-options", // CALIPSO
    "1100 c204 00000008, not-modelled:icmp", // jumbo of less than 65536
    "1100 c202 0000 0100, bad-options",
    "1102 0104 00000000, bad-options" // longer than the packet
  })
  void shouldReadHopByHopOptionsAsLinux(String header, String word) {
    byte[] payload = Octets.join(hex(header), udp(8));
    byte[] packet = ipv6("fd00:a::10", "fd00:b::9", 0, 64, payload);
    assertThat(ipv6FromClient(packet).word()).isEqualTo(word);
  }

  @Test
  void shouldNotAnswerIcmpv6Errors() {
    byte[] error = hex("0100 0000 0000 0000");
    byte[] echo = hex("8000 0000 0000 0000");
    assertThat(ipv6FromClient(ipv6("fd00:a::10", "fd00:b::9", 58, 1, error)).word())
        .isEqualTo("ttl");
    assertThat(ipv6FromClient(ipv6("fd00:a::10", "fd00:b::9", 58, 1, echo)).word())
        .isEqualTo("not-modelled:icmp");
    byte[] behind = Octets.join(hex("3a00 0104 00000000"), error);
    assertThat(ipv6FromClient(ipv6("fd00:a::10", "fd00:b::9", 60, 1, behind)).word())
        .isEqualTo("ttl");
  }

  @Test
  void shouldKnowNeighbourDiscovery() {
    byte[] solicitation = Octets.join(hex("8700 0000 0000 0000"), new byte[16]);
    assertThat(ipv6FromClient(ipv6("fd00:a::10", "fd00:a::2", 58, 255, solicitation)).word())
        .isEqualTo("not-modelled:neighbour");
  }

  @Test
  void shouldCarryNoIpv6OverADeviceTooSmallForIt() {
    byte[] packet = ipv6("fd00:a::10", "fd00:b::9", 17, 64, udp(8));
    assertThat(fromClient("link set eth0 mtu 1279", 0x86dd, packet).word()).isEqualTo("ipv6-off");
    assertThat(fromClient("link set eth1 mtu 1279", 0x86dd, packet).word())
        .isEqualTo("not-modelled:icmp");
  }

  @Test
  void shouldNotAnswerWhatIsForTheRouter() {
    byte[] tcp = ipv6("fd00:a::10", "fd00:a::2", 6, 64, new byte[20]);
    assertThat(ipv6FromClient(tcp).word()).isEqualTo("not-modelled:local");
  }
}
