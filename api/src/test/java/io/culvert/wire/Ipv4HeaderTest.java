package io.culvert.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Ipv4HeaderTest {
  // A header as captures show it: 192.168.0.1 -> 192.168.0.199, UDP, 115 bytes, checksum b861.
  private static final String HEADER = "45000073000040004011b861c0a80001c0a800c7";

  @Test
  void shouldKnowAGoodHeaderFromOutside() {
    byte[] header = HexFormat.of().parseHex(HEADER);
    assertThat(InternetChecksum.headerIsGood(Octets.of(header), 0)).isTrue();
    header[19] ^= 1;
    assertThat(InternetChecksum.headerIsGood(Octets.of(header), 0)).isFalse();
  }

  /** Every TTL with every id: so every checksum that a valid header can have. */
  @Test
  void shouldDecrementTtlAsARecomputationForEveryTtlAndEveryValidChecksum() {
    byte[] header = HexFormat.of().parseHex(HEADER);
    MemorySegment frame = Octets.of(header);
    int rest = NaiveChecksum.sum(NaiveChecksum.seal(withId(header, 0)), 0, 20);
    assertThat(rest).isEqualTo(0xffff);
    for (int ttl = 1; ttl <= 255; ttl++) {
      for (int id = 0; id <= 0xffff; id++) {
        Wire.put16(frame, Ipv4Header.ID_OFFSET, id);
        Wire.put8(frame, Ipv4Header.TTL_OFFSET, ttl);
        Wire.put16(frame, Ipv4Header.CHECKSUM_OFFSET, checksum(id, ttl));
        int left = Ipv4Header.decrementTtl(frame, 0);
        if (left != ttl - 1
            || Wire.u8(frame, Ipv4Header.TTL_OFFSET) != ttl - 1
            || Wire.u16(frame, Ipv4Header.CHECKSUM_OFFSET) != checksum(id, ttl - 1)) {
          assertThat(Wire.u16(frame, Ipv4Header.CHECKSUM_OFFSET))
              .as("ttl=%d id=%d", ttl, id)
              .isEqualTo(checksum(id, ttl - 1));
        }
      }
    }
  }

  /** The checksum of {@link #HEADER} with another id and TTL, word by word. */
  private static int checksum(int id, int ttl) {
    int sum = 0x4500 + 0x0073 + id + 0x4000 + (ttl << 8 | 0x11);
    sum += 0xc0a8 + 0x0001 + 0xc0a8 + 0x00c7;
    while (sum > 0xffff) {
      sum = (sum & 0xffff) + (sum >> 16);
    }
    return ~sum & 0xffff;
  }

  private static byte[] withId(byte[] header, int id) {
    byte[] copy = header.clone();
    copy[4] = (byte) (id >>> 8);
    copy[5] = (byte) id;
    return copy;
  }

  /** No checksum, right or wrong, changes sides: corruption is not hidden. */
  @Test
  void shouldKeepEveryWrongChecksumWrongWhenTheTtlGoesDown() {
    byte[] header = HexFormat.of().parseHex(HEADER);
    for (int checksum = 0; checksum <= 0xffff; checksum++) {
      MemorySegment frame = Octets.of(header);
      Wire.put16(frame, Ipv4Header.CHECKSUM_OFFSET, checksum);
      boolean wasGood = NaiveChecksum.isGood(Octets.bytes(frame));
      Ipv4Header.decrementTtl(frame, 0);
      assertThat(NaiveChecksum.isGood(Octets.bytes(frame))).isEqualTo(wasGood);
    }
  }

  @Property
  void shouldDecrementNothingButTtlAndChecksum(
      @ForAll @Size(20) byte[] bytes, @ForAll @IntRange(min = 1, max = 255) int ttl) {
    bytes[8] = (byte) ttl;
    MemorySegment frame = Octets.filled(28);
    MemorySegment.copy(Octets.of(bytes), 0, frame, 4, 20);
    Ipv4Header.decrementTtl(frame, 4);
    byte[] after = Octets.bytes(frame);
    for (int at = 0; at < 20; at++) {
      if (at != 8 && at != 10 && at != 11) {
        assertThat(after[4 + at]).isEqualTo(bytes[at]);
      }
    }
    assertThat(Octets.untouchedOutside(frame, 4, 24)).isTrue();
  }

  @Property
  void shouldSetTosAsARecomputationAndTouchNothingElse(
      @ForAll @Size(20) byte[] bytes, @ForAll @IntRange(max = 255) int tos) {
    bytes[0] = 0x45;
    NaiveChecksum.seal(bytes);
    MemorySegment frame = Octets.filled(28);
    MemorySegment.copy(Octets.of(bytes), 0, frame, 4, 20);
    Ipv4Header.setTos(frame, 4, tos);
    bytes[1] = (byte) tos;
    NaiveChecksum.seal(bytes);
    byte[] written = java.util.Arrays.copyOfRange(Octets.bytes(frame), 4, 24);
    assertThat(written).isEqualTo(bytes);
    assertThat(Octets.untouchedOutside(frame, 4, 24)).isTrue();
  }
}
