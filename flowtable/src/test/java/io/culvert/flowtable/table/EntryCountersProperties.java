package io.culvert.flowtable.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What was added comes out, to the packet and the byte, also where a field has overflowed. */
class EntryCountersProperties {
  private static final int ENTRY = 64;

  private final MemorySegment entries = Arena.ofAuto().allocate(3 * ENTRY, ENTRY);

  private long packets() {
    return EntryCounters.packets(entries, ENTRY, true);
  }

  private long bytes() {
    return EntryCounters.bytes(entries, ENTRY, true);
  }

  /** As if so many had been counted: below their upper bits, as a field is after each addition. */
  private void start(long packets, long bytes) {
    entries.set(FlowStore.LONG, ENTRY + FlowStore.PACKETS_OFFSET, bytes << 28 | packets);
  }

  @Provide
  Arbitrary<Long> packetStarts() {
    return Arbitraries.longs().between(0, (1L << 27) - 1).edgeCases(e -> e.add((1L << 27) - 2));
  }

  @Provide
  Arbitrary<Long> byteStarts() {
    return Arbitraries.longs()
        .between(0, (1L << 35) - 1)
        .edgeCases(e -> e.add((1L << 35) - 1, (1L << 35) - 100_000));
  }

  @Property
  void shouldSumUpWhateverTheFieldsHoldAlready(
      @ForAll("packetStarts") long packets,
      @ForAll("byteStarts") long bytes,
      @ForAll List<@IntRange(min = 0, max = 65535) Integer> lengths) {
    start(packets, bytes);
    entries.set(FlowStore.LONG, ENTRY + FlowStore.BYTES_OFFSET, 3L << 28 | 5);
    long packetsBefore = packets + 5 * (1L << 27);
    long bytesBefore = bytes + 3 * (1L << 35);
    assertThat(packets()).isEqualTo(packetsBefore);
    assertThat(bytes()).isEqualTo(bytesBefore);
    long sum = 0;
    for (int length : lengths) {
      EntryCounters.add(entries, ENTRY, length);
      sum += length;
    }
    assertThat(packets()).isEqualTo(packetsBefore + lengths.size());
    assertThat(bytes()).isEqualTo(bytesBefore + sum);
    assertThat(
            entries.get(FlowStore.LONG, ENTRY + FlowStore.PACKETS_OFFSET) & (1L << 63 | 1L << 27))
        .as("upper bits, which are carried")
        .isZero();
  }

  @Test
  void shouldCountMoreThanAFieldHolds() {
    long packets = 0;
    long bytes = 0;
    for (int round = 0; round < 1000; round++) {
      long first = entries.get(FlowStore.LONG, ENTRY + FlowStore.PACKETS_OFFSET);
      long nearlyFull = ((1L << 35) - 1) << 28 | ((1L << 27) - 1);
      packets += (nearlyFull & (1L << 28) - 1) - (first & (1L << 28) - 1);
      bytes += (nearlyFull >>> 28) - (first >>> 28);
      entries.set(FlowStore.LONG, ENTRY + FlowStore.PACKETS_OFFSET, nearlyFull);
      EntryCounters.add(entries, ENTRY, 1500);
      packets++;
      bytes += 1500;
    }
    assertThat(packets()).isEqualTo(packets).isGreaterThan(1L << 36);
    assertThat(bytes()).isEqualTo(bytes).isGreaterThan(1L << 44);
  }

  @Test
  void shouldWriteNothingButItsTwoWords() {
    entries.fill((byte) 0x11);
    for (int packet = 0; packet < 100; packet++) {
      EntryCounters.add(entries, ENTRY, 65535);
    }
    for (int word = 0; word < 3 * ENTRY / 8; word++) {
      boolean own = word == ENTRY / 8 + 2 || word == ENTRY / 8 + 3;
      assertThat(entries.get(FlowStore.LONG, 8L * word) == 0x1111_1111_1111_1111L)
          .isEqualTo(!own || word == ENTRY / 8 + 3);
    }
  }

  @Property
  void shouldReadPlainWordsWhereOneWorkerCounts(@ForAll long packets, @ForAll long bytes) {
    entries.set(FlowStore.LONG, ENTRY + FlowStore.PACKETS_OFFSET, packets);
    entries.set(FlowStore.LONG, ENTRY + FlowStore.BYTES_OFFSET, bytes);
    assertThat(EntryCounters.packets(entries, ENTRY, false)).isEqualTo(packets);
    assertThat(EntryCounters.bytes(entries, ENTRY, false)).isEqualTo(bytes);
  }
}
