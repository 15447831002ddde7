package io.culvert.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WireProperties {
  private static final int ROOM = 40;

  @Test
  void shouldReadBackEveryByteValue() {
    MemorySegment segment = Octets.filled(3);
    for (int value = 0; value <= 0xff; value++) {
      Wire.put8(segment, 1, value);
      assertThat(Wire.u8(segment, 1)).isEqualTo(value);
    }
    assertThat(Octets.untouchedOutside(segment, 1, 2)).isTrue();
  }

  @Test
  void shouldReadBackEvery16BitValueAtEvenAndOddOffsets() {
    for (int at = 1; at <= 2; at++) {
      MemorySegment segment = Octets.filled(6);
      for (int value = 0; value <= 0xffff; value++) {
        Wire.put16(segment, at, value);
        assertThat(Wire.u16(segment, at)).isEqualTo(value);
      }
      assertThat(Octets.untouchedOutside(segment, at, at + 2)).isTrue();
    }
  }

  @Property
  void shouldReadBack32BitsInNetworkOrder(
      @ForAll int value, @ForAll @IntRange(max = ROOM - 4) int at) {
    MemorySegment segment = Octets.filled(ROOM);
    Wire.put32(segment, at, value);
    assertThat(Wire.u32(segment, at)).isEqualTo(value);
    assertThat(Octets.bits(Octets.bytes(segment), 8 * at, 32))
        .isEqualTo(Integer.toUnsignedLong(value));
    assertThat(Octets.untouchedOutside(segment, at, at + 4)).isTrue();
  }

  @Property
  void shouldReadBack48BitsInNetworkOrder(
      @ForAll long value, @ForAll @IntRange(max = ROOM - 6) int at) {
    MemorySegment segment = Octets.filled(ROOM);
    Wire.put48(segment, at, value);
    assertThat(Wire.u48(segment, at)).isEqualTo(value & 0xffff_ffff_ffffL);
    assertThat(Octets.bits(Octets.bytes(segment), 8 * at, 48)).isEqualTo(value & 0xffff_ffff_ffffL);
    assertThat(Octets.untouchedOutside(segment, at, at + 6)).isTrue();
  }

  @Property
  void shouldReadBack64BitsInNetworkOrder(
      @ForAll long value, @ForAll @IntRange(max = ROOM - 8) int at) {
    MemorySegment segment = Octets.filled(ROOM);
    Wire.put64(segment, at, value);
    assertThat(Wire.u64(segment, at)).isEqualTo(value);
    assertThat(Octets.bits(Octets.bytes(segment), 8 * at, 64)).isEqualTo(value);
    assertThat(Octets.untouchedOutside(segment, at, at + 8)).isTrue();
  }

  @Property
  void shouldDropBitsAboveTheField(@ForAll int value) {
    MemorySegment segment = Octets.filled(8);
    Wire.put8(segment, 1, value);
    Wire.put16(segment, 4, value);
    assertThat(Wire.u8(segment, 1)).isEqualTo(value & 0xff);
    assertThat(Wire.u16(segment, 4)).isEqualTo(value & 0xffff);
    assertThat(Wire.u8(segment, 0)).isEqualTo(0xa5);
    assertThat(Wire.u16(segment, 2)).isEqualTo(0xa5a5);
    assertThat(Wire.u16(segment, 6)).isEqualTo(0xa5a5);
  }

  @Test
  void shouldReachTheLastByteAndNotReadBeyondIt() {
    MemorySegment exact = Octets.filled(8);
    assertThat(Wire.u48(exact, 2)).isEqualTo(0xa5a5_a5a5_a5a5L);
    assertThat(Wire.u64(exact, 0)).isEqualTo(0xa5a5_a5a5_a5a5_a5a5L);
    assertThat(Wire.u32(exact, 4)).isEqualTo(0xa5a5_a5a5);
    assertThat(Wire.u16(exact, 6)).isEqualTo(0xa5a5);
    assertThat(Wire.u8(exact, 7)).isEqualTo(0xa5);
  }
}
