package io.culvert.testkit.router;

import static io.culvert.testkit.router.Packets.REMOTE;
import static io.culvert.testkit.router.Packets.ROUTER_1;
import static io.culvert.testkit.router.Packets.ethernet;
import static io.culvert.testkit.router.Packets.hex;
import static io.culvert.testkit.router.Packets.ipv4;
import static io.culvert.testkit.router.Packets.udp;
import static io.culvert.testkit.router.Packets.udp4;
import static io.culvert.testkit.router.Packets.withFragment;
import static io.culvert.testkit.router.RouterFixture.NO_OPTIONS;
import static io.culvert.testkit.router.RouterFixture.ipv4FromClient;
import static io.culvert.testkit.router.RouterFixture.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testkit.router.RouterOutcome.Forwarded;
import io.culvert.wire.IpAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** IPv4 where the captures do not show it. */
class Ipv4RoutingTest {
  @Test
  void shouldForwardWithNewAddressesAndTtl() {
    byte[] frame = sent(ipv4FromClient(udp4("192.168.0.10", "10.1.2.3", 64, 40)));
    assertThat(frame)
        .isEqualTo(ethernet(REMOTE, ROUTER_1, 0x0800, udp4("192.168.0.10", "10.1.2.3", 63, 40)));
  }

  @Test
  void shouldDescribeTheDecision() {
    Forwarded forwarded = (Forwarded) ipv4FromClient(udp4("192.168.0.10", "10.5.2.3", 64, 40));
    Forwarding decision = forwarded.forwarding();
    assertThat(decision.ingressPort()).isEqualTo(1);
    assertThat(decision.ingressDevice()).isEqualTo(1);
    assertThat(decision.egressDevice()).isEqualTo(3);
    assertThat(decision.protocol()).isEqualTo(17);
    assertThat(decision.sourcePort()).isEqualTo(4000);
    assertThat(decision.destinationPort()).isEqualTo(5000);
    assertThat(decision.destination()).isEqualTo(IpAddress.parse("10.5.2.3").get());
    assertThat(forwarded.frames().single().pushed()).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0} to {1}, TTL {2}, {3} bytes: {4}")
  @CsvSource({
    "192.168.0.10, 10.1.2.3, 64, 1500, ''",
    "192.168.0.10, 10.1.2.3, 64, 1501, not-modelled:fragment",
    "192.168.0.10, 10.6.2.3, 64, 1300, ''",
    "192.168.0.10, 10.6.2.3, 64, 1301, not-modelled:fragment",
    "192.168.0.10, 10.5.2.3, 64, 1480, ''",
    "192.168.0.10, 10.5.2.3, 64, 1481, not-modelled:fragment",
    "192.168.0.10, 10.1.2.3, 1, 40, not-modelled:icmp",
    "192.168.0.10, 10.7.2.3, 64, 40, blackhole",
    "192.168.0.10, 10.8.2.3, 64, 40, not-modelled:icmp",
    "192.168.0.10, 10.9.2.3, 64, 40, not-modelled:neighbour",
    "192.168.0.10, 8.8.8.8, 64, 40, not-modelled:icmp",
    "192.168.0.10, 192.168.0.2, 64, 40, not-modelled:local",
    "192.168.0.10, 192.168.1.255, 64, 40, not-modelled:local",
    "192.168.0.10, 192.168.1.0, 64, 40, not-modelled:neighbour",
    "192.168.0.10, 255.255.255.255, 64, 40, not-modelled:local",
    "192.168.0.10, 224.0.0.1, 64, 40, not-modelled:local",
    "192.168.0.10, 224.0.0.5, 64, 40, multicast",
    "192.168.0.10, 127.0.0.1, 64, 40, martian-destination",
    "192.168.0.10, 0.1.2.3, 64, 40, martian-destination",
    "0.0.0.0, 0.0.0.0, 64, 40, not-modelled:local",
    "0.0.0.1, 10.1.2.3, 64, 40, martian-source",
    "127.0.0.1, 10.1.2.3, 64, 40, martian-source",
    "224.0.0.9, 10.1.2.3, 64, 40, martian-source",
    "255.255.255.255, 10.1.2.3, 64, 40, martian-source",
    "192.168.1.1, 10.1.2.3, 64, 40, martian-source",
    "192.168.0.255, 10.1.2.3, 64, 40, ''",
    // No way back to the source: no ICMP error can be sent.
    "9.9.9.9, 10.1.2.3, 1, 40, ttl",
    "9.9.9.9, 8.8.8.8, 64, 40, no-route",
    "9.9.9.9, 10.1.2.3, 64, 40, ''",
  })
  void shouldDoWithIpv4AsLinux(String from, String to, int ttl, int length, String word) {
    assertThat(ipv4FromClient(udp4(from, to, ttl, length)).word()).isEqualTo(word);
  }

  @Test
  void shouldAnswerOversizeWithIcmpIfDfIsSetAndNotForLaterFragments() {
    byte[] big = udp4("192.168.0.10", "10.1.2.3", 64, 1501);
    assertThat(ipv4FromClient(withFragment(big, 0x4000)).word()).isEqualTo("not-modelled:icmp");
    assertThat(ipv4FromClient(withFragment(big, 0x4001)).word()).isEqualTo("mtu");
  }

  /** Types that are errors, and unknown ones, are not answered with an error. */
  @ParameterizedTest
  @CsvSource({
    "0, not-modelled:icmp",
    "8, not-modelled:icmp",
    "13, not-modelled:icmp",
    "3, ttl",
    "5, ttl",
    "11, ttl",
    "9, ttl",
    "42, ttl"
  })
  void shouldNotAnswerErrorsWithErrors(int type, String word) {
    byte[] icmp = new byte[8];
    icmp[0] = (byte) type;
    byte[] packet = ipv4("192.168.0.10", "10.1.2.3", 1, 1, NO_OPTIONS, icmp);
    assertThat(ipv4FromClient(packet).word()).isEqualTo(word);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "01010100, ''", // no operations
    "00010203, not-modelled:ip-options", // cleaned behind the end
    "00000000, ''",
    "94040000, ''", // router alert
    "94030000, not-modelled:icmp", // too short a router alert
    "0707040000000000, not-modelled:ip-options", // record route with room
    "070708c0a8000500, ''", // record route that is full
    "0707030000000000, not-modelled:icmp", // its pointer points into its header
    "0703060000000000, ''", // a pointer behind its end is full
    "07080600000000000000000000000000, not-modelled:icmp", // no room for an address
    "4408050000000000, not-modelled:ip-options", // time stamps with room
    "44080900aabbccdd, not-modelled:ip-options", // full: counts the overflow
    "440809f0aabbccdd, not-modelled:icmp", // counts no further
    "44080903aabbccdd, ''", // full, of named addresses: no count
    "440c05030a0a0a0a00000000, ''", // named address elsewhere
    "440c0503c0a8010100000000, not-modelled:ip-options", // ours
    "8307040a01020300, source-route",
    "8907040a01020300, source-route",
    "8303000000000000, not-modelled:icmp", // source route without a pointer
    "8603000000000000, not-modelled:icmp", // CIPSO
    "88040000, ''", // stream id, left alone
    "8801, not-modelled:icmp", // shorter than itself
    "88050000, not-modelled:icmp", // longer than the header
    "010101ff, not-modelled:icmp" // no room for its length
  })
  void shouldCompileOptionsAsLinux(String options, String word) {
    byte[] bytes = hex(options);
    byte[] padded = Arrays.copyOf(bytes, (bytes.length + 3) / 4 * 4);
    byte[] packet = ipv4("192.168.0.10", "10.1.2.3", 17, 64, padded, udp(8));
    assertThat(ipv4FromClient(packet).word()).isEqualTo(word);
  }

  @Test
  void shouldStayMuteIfTheOptionsLeaveNoRoomForTheWayBack() {
    // One address is recorded, the three bytes left cannot hold the next one.
    byte[] options = hex("070a0400000000000000" + "0000");
    byte[] packet = ipv4("192.168.0.10", "10.1.2.3", 17, 1, options, udp(8));
    assertThat(ipv4FromClient(packet).word()).isEqualTo("ttl");
  }
}
