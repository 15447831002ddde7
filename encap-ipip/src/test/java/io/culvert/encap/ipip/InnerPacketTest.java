package io.culvert.encap.ipip;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.Carrier;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.wire.EtherType;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.Ipv6Address;
import io.culvert.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the receive side makes of the packet behind protocols 4 and 41. */
class InnerPacketTest {
  private static final IpipProvider PROVIDER = new IpipProvider();
  private static final int AT = 7;
  private static final long IPV4 = Match.hit(0, InnerType.ETHERTYPE, EtherType.IPV4);
  private static final long IPV6 = Match.hit(0, InnerType.ETHERTYPE, EtherType.IPV6);

  private final MemorySegment frame = Arena.ofAuto().allocate(AT + 80);
  private final EncapKey key = new EncapKey();

  private static Encap behind(IpFamily outer, int protocol) {
    return PROVIDER.encap(Carrier.ipProtocol(outer, protocol));
  }

  private long match(Encap encap, int length) {
    long match = encap.match(frame, AT, AT + (long) length, key);
    assertThat(key.size()).as("words").isZero();
    return match;
  }

  private void packet(int version, String source) {
    Wire.put8(frame, AT, version << 4 | 5);
    if (IpAddress.parse(source).get() instanceof Ipv6Address(long high, long low)) {
      Wire.put64(frame, AT + 8L, high);
      Wire.put64(frame, AT + 16L, low);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldTakeTheVersionThatTheProtocolSaysAndNoOther(IpFamily outer) {
    for (int version = 0; version < 16; version++) {
      packet(version, "2001:db8::1");
      assertThat(match(behind(outer, 4), 60)).isEqualTo(version == 4 ? IPV4 : Match.MALFORMED);
      assertThat(match(behind(outer, 41), 60)).isEqualTo(version == 6 ? IPV6 : Match.MALFORMED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldCallEveryPrefixOfAnIpv6HeaderTruncated(IpFamily outer) {
    packet(6, "2001:db8::1");
    for (int length = 0; length < 40; length++) {
      assertThat(match(behind(outer, 41), length)).isEqualTo(Match.TRUNCATED);
    }
    assertThat(match(behind(outer, 41), 40)).isEqualTo(IPV6);
    assertThat(match(behind(outer, 4), 0)).isEqualTo(Match.TRUNCATED);
  }

  /** RFC 4213 §3.6, and what its list stops short of. */
  @ParameterizedTest
  @CsvSource({
    "2001:db8::1,             true",
    "fd00::1,                 true",
    "fe80::1,                 true",
    "::1:0:0:1,               true",
    "::fffe:192.0.2.1,        true",
    "0:0:0:1::,               true",
    "64:ff9b::192.0.2.1,      true",
    "ff02::1,                 false",
    "ff00::,                  false",
    "ffff::1,                 false",
    "::,                      false",
    "::1,                     false",
    "::192.0.2.1,             false",
    "::ffff:192.0.2.1,        false",
    "::ffff:0.0.0.0,          false"
  })
  void shouldLeaveInvalidSourcesToTheSlowPath(String source, boolean isTaken) {
    packet(6, source);
    for (IpFamily outer : IpFamily.values()) {
      assertThat(match(behind(outer, 41), 60)).isEqualTo(isTaken ? IPV6 : Match.UNSUPPORTED);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SIT_INHERIT, 34, 41",
    "SIT_NOPMTUDISC, 34, 41",
    "SIX_IN_SIX, 54, 41",
    "FOUR_IN_SIX, 54, 4"
  })
  void shouldTakeThePacketsOfTheCaptures(String name, int at, int protocol) throws Exception {
    byte[] bytes = GoldenFrames.bytes((String) GoldenFrames.class.getDeclaredField(name).get(null));
    MemorySegment captured = Arena.ofAuto().allocate(bytes.length);
    MemorySegment.copy(bytes, 0, captured, ValueLayout.JAVA_BYTE, 0, bytes.length);
    assertThat(bytes[at == 34 ? 23 : 20]).as("protocol").isEqualTo((byte) protocol);
    IpFamily outer = at == 34 ? IpFamily.V4 : IpFamily.V6;
    assertThat(behind(outer, protocol).match(captured, at, bytes.length, key))
        .isEqualTo(protocol == 4 ? IPV4 : IPV6);
  }

  @Test
  void shouldGiveTheSameObjectEachTime() {
    assertThat(behind(IpFamily.V6, 41)).isSameAs(behind(IpFamily.V4, 41));
    assertThat(behind(IpFamily.V6, 4)).isSameAs(behind(IpFamily.V4, 4));
  }
}
