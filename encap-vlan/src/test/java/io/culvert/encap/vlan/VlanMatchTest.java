package io.culvert.encap.vlan;

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
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the receive side makes of every tag that there is. */
class VlanMatchTest {
  private static final Encap TAG = new VlanProvider().encap(Carrier.etherType(0x8100));
  private static final int AT = 3;
  private static final int PACKET = 28;

  private final MemorySegment frame = Arena.ofAuto().allocate(AT + 4 + PACKET);
  private final EncapKey key = new EncapKey();

  private long match(int tci, int type, int length) {
    Wire.put16(frame, AT, tci);
    Wire.put16(frame, AT + 2L, type);
    key.truncate(0);
    return TAG.match(frame, AT, AT + (long) length, key);
  }

  @Test
  void shouldTakeTheVidOfEveryTciAndNothingElseOfIt() {
    for (int tci = 0; tci <= 0xffff; tci++) {
      long match = match(tci, EtherType.IPV4, 4 + PACKET);
      int vid = tci & 0xfff;
      if (vid == 4095) {
        assertThat(match).as("TCI %04x", tci).isEqualTo(Match.MALFORMED);
        continue;
      }
      if (match != Match.hit(4, InnerType.ETHERTYPE, EtherType.IPV4)
          || key.size() != 1
          || key.word(0) != vid) {
        throw new AssertionError(
            String.format("TCI %04x: %s, word %d", tci, Match.describe(match), key.word(0)));
      }
    }
  }

  @Test
  void shouldTakeEveryEtherTypeAndNoLength() {
    for (int type = 0; type <= 0xffff; type++) {
      long wanted = type < 0x0600 ? Match.UNSUPPORTED : Match.hit(4, InnerType.ETHERTYPE, type);
      assertThat(match(100, type, 4 + PACKET)).as("type %04x", type).isEqualTo(wanted);
    }
  }

  @Test
  void shouldCallEveryPrefixTruncated() {
    for (int length = 0; length < 4; length++) {
      assertThat(match(100, EtherType.IPV4, length)).isEqualTo(Match.TRUNCATED);
    }
    assertThat(match(100, EtherType.IPV4, 4))
        .as("a tag with nothing behind it is the inner layer's to judge")
        .isEqualTo(Match.hit(4, InnerType.ETHERTYPE, EtherType.IPV4));
  }

  @Test
  void shouldServeEveryTpidWithOneObject() {
    VlanProvider provider = new VlanProvider();
    assertThat(provider.encap(Carrier.etherType(0x88a8))).isSameAs(TAG);
    assertThat(provider.encap(Carrier.etherType(0x9100))).isSameAs(TAG);
  }

  /** Linux, capture vlan, craft/vlan/…: frames 253, 258, 261, 262, 263, 264, 267. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "pcp0,            0064 0800, 100, 0800",
    "pcp5,            a064 0800, 100, 0800",
    "dei,             1064 0800, 100, 0800",
    "other-vid,       0065 0800, 101, 0800",
    "vid0-outside,    e000 8100,   0, 8100",
    "vid0-only,       6000 0800,   0, 0800",
    "extra-inner-tag, 0064 8100, 100, 8100"
  })
  void shouldReadTheTagsOfTheCapture(String label, String tag, long vid, String type) {
    byte[] bytes = HexFormat.of().parseHex(tag.replace(" ", ""));
    int tci = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
    int inner = (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    assertThat(match(tci, inner, 4 + PACKET))
        .as(label)
        .isEqualTo(Match.hit(4, InnerType.ETHERTYPE, Integer.parseInt(type, 16)));
    assertThat(key.word(0)).isEqualTo(vid);
  }
}
