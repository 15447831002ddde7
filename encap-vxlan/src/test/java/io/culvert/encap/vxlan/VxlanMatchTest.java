package io.culvert.encap.vxlan;

import static io.culvert.encap.vxlan.VxlanFixture.PROVIDER;
import static io.culvert.encap.vxlan.VxlanFixture.tuple;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.Direction;
import io.culvert.spi.EncapKey;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.spi.RxCheck;
import io.culvert.spi.Shim;
import io.culvert.wire.Wire;
import io.vavr.collection.List;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The receive side and the shim, over all values of each field. */
class VxlanMatchTest {
  private static final int VNIS = 1 << 24;
  private static final long HIT = Match.hit(8, InnerType.LINK, 1);

  private final MemorySegment frame = Arena.ofAuto().allocate(64);
  private final EncapKey key = new EncapKey();

  private long match(long at, long end) {
    key.truncate(0);
    return VxlanEncap.INSTANCE.match(frame, at, end, key);
  }

  /** The header of RFC 7348 §5, byte by byte. */
  private void header(int flags, int reserved, int vni, int lastReserved) {
    Wire.put8(frame, 0, flags);
    for (int i = 0; i < 3; i++) {
      Wire.put8(frame, 1 + i, reserved >>> (8 * (2 - i)));
      Wire.put8(frame, 4 + i, vni >>> (8 * (2 - i)));
    }
    Wire.put8(frame, 7, lastReserved);
  }

  @Test
  void shouldReadEveryVni() {
    int wrong = 0;
    for (int vni = 0; vni < VNIS; vni++) {
      header(0x08, 0, vni, 0);
      if (match(0, 8) != HIT || key.size() != 1 || key.word(0) != vni) {
        wrong++;
      }
    }
    assertThat(wrong).isZero();
  }

  @Test
  void shouldWriteEveryVni() {
    EncapTuple tuple = tuple("vxlan id 1 local 192.0.2.1 remote 192.0.2.2", Direction.TRANSMIT);
    int wrong = 0;
    for (int vni = 0; vni < VNIS; vni++) {
      EncapTuple segment =
          new EncapTuple(
              tuple.provider(),
              tuple.carrier(),
              tuple.addresses(),
              List.of((long) vni),
              tuple.policy(),
              tuple.device(),
              tuple.inner());
      byte[] shim = PROVIDER.shim(segment, InnerType.ETHERNET).get().bytes();
      boolean isRight =
          shim.length == 8
              && (shim[0] & 0xff) == 0x08
              && (shim[1] | shim[2] | shim[3] | shim[7]) == 0
              && ((shim[4] & 0xff) << 16 | (shim[5] & 0xff) << 8 | (shim[6] & 0xff)) == vni;
      wrong += isRight ? 0 : 1;
    }
    assertThat(wrong).isZero();
  }

  /** RFC 7348 §5: flag I must be set; the others a receiver may ignore, and the device decides. */
  @Test
  void shouldHitWhateverHasFlagI() {
    for (int flags = 0; flags <= 0xff; flags++) {
      boolean isVxlan = (flags & 0x08) != 0;
      header(flags, 0, 100, 0);
      assertThat(match(0, 8)).as("0x%02x", flags).isEqualTo(isVxlan ? HIT : Match.UNSUPPORTED);
      assertThat(key.size()).isEqualTo(isVxlan ? 1 : 0);
    }
    for (int bit = 0; bit < 32; bit++) {
      header(0x08, 1 << bit >>> 8, 100, 1 << bit & 0xff);
      assertThat(match(0, 8)).isEqualTo(HIT);
      assertThat(key.word(0)).isEqualTo(100);
    }
  }

  /** Bit by bit, against the picture and not against the mask of the code. */
  @ParameterizedTest
  @CsvSource({
    "'', 11110111 111111111111111111111111 11111111",
    "reserved strict, 11110111 111111111111111111111111 11111111",
    "reserved ignore, 00000000 000000000000000000000000 00000000",
    "reserved_bits 0, 00000000 000000000000000000000000 00000000",
    "reserved_bits 0xff, 00000000 000000000000000000000000 11111111",
    "reserved_bits 0x8000000100000000, 10000000 000000000000000000000001 00000000"
  })
  void shouldJudgeTheReservedBitsThatTheDeviceDoes(String words, String judged) {
    String[] fields = judged.split(" ", -1);
    String vni = "0".repeat(24);
    long mask = Long.parseUnsignedLong(fields[0] + fields[1] + vni + fields[2], 2);
    for (Direction direction : Direction.values()) {
      EncapTuple tuple = tuple(("vxlan id 7 remote 192.0.2.2 " + words).strip(), direction);
      assertThat(PROVIDER.shim(tuple, InnerType.ETHERNET).get().checks())
          .isEqualTo(mask == 0 ? List.empty() : List.of(new RxCheck.Bits(0, mask, 0)));
    }
  }

  @Test
  void shouldCallEveryPrefixTruncated() {
    header(0x08, 0, 100, 0);
    for (int end = 0; end < 8; end++) {
      assertThat(match(0, end)).isEqualTo(Match.TRUNCATED);
      assertThat(key.size()).isZero();
    }
    assertThat(match(0, 8)).isEqualTo(HIT);
  }

  @Test
  void shouldReadAtItsPlaceOnly() {
    for (int at = 0; at <= 48; at++) {
      frame.fill((byte) 0xff);
      Wire.put64(frame, at, 0x0800_0000_80ff_0100L);
      assertThat(match(at, at + 8)).isEqualTo(HIT);
      assertThat(key.word(0)).isEqualTo(0x80ff01);
    }
  }

  /** By hand from the picture of RFC 7348 §5. */
  @ParameterizedTest
  @CsvSource({
    "0, 0800000000000000",
    "1, 0800000000000100",
    "100, 0800000000006400",
    "0x8000, 0800000000800000",
    "16777215, 08000000ffffff00"
  })
  void shouldWriteFlagAndVni(String id, String header) {
    EncapTuple tuple = tuple("vxlan local 192.0.2.1 remote 192.0.2.2 id " + id, Direction.TRANSMIT);
    Shim shim = PROVIDER.shim(tuple, InnerType.ETHERNET).get();
    assertThat(HexFormat.of().formatHex(shim.bytes())).isEqualTo(header);
    assertThat(shim.patches()).isEmpty();
    assertThat(tuple.words()).containsExactly(Long.decode(id));
  }
}
