package io.culvert.encap.pppoe;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.Carrier;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.wire.EtherType;
import io.culvert.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the receive side makes of every session, length, code and protocol that there is. */
class PppoeMatchTest {
  private static final Encap SESSION =
      new PppoeProvider().encap(Carrier.etherTypeByPeer(PppoeHeader.ETHER_TYPE));

  private static final int AT = 5;
  private static final int HEADER = 6;
  private static final int MOST = 400;
  private static final long IPV4 = Match.hit(8, InnerType.ETHERTYPE, EtherType.IPV4);

  private final MemorySegment frame = Arena.ofAuto().allocate(AT + MOST);
  private final EncapKey key = new EncapKey();

  /** Version 1, type 1, code 0, session 0x1234, 30 bytes of PPP, IPv4. */
  PppoeMatchTest() {
    Wire.put32(frame, AT, 0x1100_1234);
    Wire.put32(frame, AT + 4L, 0x001e_0021);
  }

  private long match(int length) {
    key.truncate(0);
    return SESSION.match(frame, AT, AT + (long) length, key);
  }

  @Test
  void shouldTakeEverySessionThatIsOne() {
    for (int session = 0; session <= 0xffff; session++) {
      Wire.put16(frame, AT + 2L, session);
      long match = match(HEADER + 30);
      if (session == 0 || session == 0xffff) {
        assertThat(match).as("session %04x", session).isEqualTo(Match.MALFORMED);
      } else {
        assertThat(match).as("session %04x", session).isEqualTo(IPV4);
        assertThat(key.size()).isEqualTo(1);
        assertThat(key.word(0)).isEqualTo(session);
      }
    }
  }

  @Test
  void shouldTakeEveryLengthThatFits() {
    for (int length = 0; length <= 0xffff; length++) {
      Wire.put16(frame, AT + 4L, length);
      int there = MOST - HEADER;
      long wanted =
          length < 2 || length > there
              ? Match.MALFORMED
              : there - length > 255
                  ? Match.UNSUPPORTED
                  : Match.hit(8, InnerType.ETHERTYPE, EtherType.IPV4, there - length);
      assertThat(match(MOST)).as("length %d", length).isEqualTo(wanted);
    }
  }

  @Test
  void shouldTakeIpv4AndIpv6AndNoOtherProtocol() {
    for (int protocol = 0; protocol <= 0xffff; protocol++) {
      Wire.put16(frame, AT + 6L, protocol);
      long wanted =
          switch (protocol) {
            case 0x0021 -> IPV4;
            case 0x0057 -> Match.hit(8, InnerType.ETHERTYPE, EtherType.IPV6);
            default -> Match.UNSUPPORTED;
          };
      assertThat(match(HEADER + 30)).as("protocol %04x", protocol).isEqualTo(wanted);
    }
  }

  @Test
  void shouldTakeOneVersionTypeAndCode() {
    for (int first = 0; first <= 0xffff; first++) {
      Wire.put16(frame, AT, first);
      long wanted = first >>> 8 != 0x11 ? Match.NOT_MINE : first == 0x1100 ? IPV4 : Match.MALFORMED;
      assertThat(match(HEADER + 30)).as("%04x", first).isEqualTo(wanted);
    }
  }

  @Test
  void shouldCallEveryPrefixTruncated() {
    for (int length = 0; length < 8; length++) {
      assertThat(match(length)).isEqualTo(Match.TRUNCATED);
    }
    for (int length = 8; length < HEADER + 30; length++) {
      assertThat(match(length)).as("the length field claims more").isEqualTo(Match.MALFORMED);
    }
  }

  /** Linux, capture pppoe, craft/pppoe/…: frames 253 to 265, headers only. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "wrong-sid,     1100123500230021, 41, 'hit(shim 8 bytes, EtherType 0x0800)'",
    "sid0,          1100000000230021, 41, MALFORMED",
    "code-1,        1101123400230021, 41, MALFORMED",
    "vertype-21,    2100123400230021, 41, NOT_MINE",
    "len-short,     1100123400140021, 41,"
        + " 'hit(shim 8 bytes, EtherType 0x0800, trailer 15 bytes)'",
    "len-long,      1100123400530021, 41, MALFORMED",
    "eth-pad,       1100123400230021, 54,"
        + " 'hit(shim 8 bytes, EtherType 0x0800, trailer 13 bytes)'",
    "pfc-1-byte,    1100123400222145, 40, UNSUPPORTED",
    "lcp-echo,      11001234000ac021, 16, UNSUPPORTED",
    "unknown-proto, 1100123400231234, 41, UNSUPPORTED",
    "len-0,         1100123400000021, 41, MALFORMED",
    "acfc,          110012340025ff03, 43, UNSUPPORTED"
  })
  void shouldJudgeTheHeadersOfTheCapture(String label, String header, int length, String answer) {
    byte[] bytes = HexFormat.of().parseHex(header.replace(" ", ""));
    MemorySegment.copy(bytes, 0, frame, ValueLayout.JAVA_BYTE, AT, bytes.length);
    assertThat(Match.describe(match(length))).as(label).isEqualTo(answer);
  }
}
