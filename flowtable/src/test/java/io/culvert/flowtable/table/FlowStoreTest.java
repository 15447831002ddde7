package io.culvert.flowtable.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlowStoreTest {

  @Test
  void shouldRefuseAnInsertWithoutRoomAroundItsHashAndTakeItAfterARemoval() {
    FlowStore store = FlowStore.pair(Collisions.HASHING, 64, 1)[0];
    for (int entry = 0; entry <= FlowIndex.WAYS; entry++) {
      store.writeKey(entry, new long[] {entry}, 0, 0);
      assertThat(store.publish(entry)).isEqualTo(entry < FlowIndex.WAYS);
    }
    for (int entry = 0; entry <= FlowIndex.WAYS; entry++) {
      assertThat(store.find(new long[] {entry}, 0, 0))
          .isEqualTo(entry < FlowIndex.WAYS ? entry : -1);
    }
    store.unpublish(FlowIndex.WAYS); // was never there: nothing happens
    store.unpublish(11);
    assertThat(store.publish(FlowIndex.WAYS)).isTrue();
    assertThat(store.find(new long[] {11}, 0, 0)).isEqualTo(-1);
    assertThat(store.find(new long[] {FlowIndex.WAYS}, 0, 0)).isEqualTo(FlowIndex.WAYS);
  }

  /** In an index of two buckets every entry is within reach of every key. */
  @Test
  void shouldReplaceAnEntryOfTheSameKeyAndNoOther() {
    FlowStore store = FlowStore.pair(Hashing.random(new Random(7)), 2, 1)[0];
    store.writeKey(0, new long[] {10}, 1, 0);
    store.writeKey(1, new long[] {11}, 2, 0);
    store.writeKey(2, new long[] {11}, 2, 0);
    assertThat(store.publish(0)).isTrue();
    assertThat(store.publish(1)).isTrue();
    assertThat(store.replace(0, 2)).isFalse();
    assertThat(store.find(new long[] {10}, 1, 0)).isZero();
    assertThat(store.replace(1, 2)).isTrue();
    assertThat(store.find(new long[] {11}, 2, 0)).isEqualTo(2);
    assertThat(store.find(new long[] {10}, 1, 0)).isZero();
  }

  @Test
  void shouldGiveOutEveryPairOnceAndThenNone() {
    FlowStore store = FlowStore.pair(Collisions.HASHING, 8, 8)[1];
    boolean[] seen = new boolean[8];
    for (int flow = 0; flow < 8; flow++) {
      int pair = store.allocatePair();
      assertThat(seen[pair]).isFalse();
      seen[pair] = true;
    }
    assertThat(store.allocatePair()).isEqualTo(-1);
    store.freePair(5);
    assertThat(store.allocatePair()).isEqualTo(5);
    assertThat(store.size()).isEqualTo(8);
  }

  @Test
  void shouldKeepTheFamiliesApartInOneMemory() {
    FlowStore[] stores = FlowStore.pair(Hashing.random(new Random(1)), 4, 4);
    long[] six = {1, 2, 3, 4};
    for (int entry = 0; entry < 8; entry++) {
      stores[0].writeKey(entry, new long[] {entry}, -1, -1);
      stores[1].writeKey(entry, six, entry, entry);
      assertThat(stores[0].publish(entry)).isTrue();
      assertThat(stores[1].publish(entry)).isTrue();
    }
    assertThat(stores[0].entries()).isEqualTo(stores[1].entries());
    for (int entry = 0; entry < 8; entry++) {
      assertThat(stores[0].find(new long[] {entry}, -1, -1)).isEqualTo(entry);
      assertThat(stores[1].find(six, entry, entry)).isEqualTo(entry);
      stores[0].unpublish(entry);
    }
    assertThat(stores[1].find(six, 7, 7)).isEqualTo(7);
    assertThat(stores[0].find(new long[] {7}, -1, -1)).isEqualTo(-1);
  }

  @Test
  void shouldClearAnEntryThatIsWrittenAnew() {
    FlowStore store = FlowStore.pair(Collisions.HASHING, 4, 4)[0];
    store.entries().fill((byte) 0xa5);
    store.writeKey(1, new long[] {-1}, -1, -1);
    long at = store.at(1);
    assertThat(store.entries().get(FlowStore.LONG, at + FlowStore.PACKETS_OFFSET)).isZero();
    assertThat(store.entries().get(FlowStore.LONG, at + FlowStore.BYTES_OFFSET)).isZero();
    assertThat(store.entries().get(FlowStore.INT, at + FlowStore.GENERATION_OFFSET)).isZero();
    assertThat(store.entries().get(FlowStore.LONG, at - 8)).isEqualTo(0xa5a5_a5a5_a5a5_a5a5L);
    assertThat(store.entries().get(FlowStore.LONG, at + FlowStore.STRIDE_4))
        .isEqualTo(0xa5a5_a5a5_a5a5_a5a5L);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 4", "4, 4", "5, 8", "1000, 1024"})
  void shouldRoundCapacitiesUpToAPowerOfTwoAndLeaveThreeOfTenSlotsFree(int asked, int capacity) {
    for (FlowStore store : FlowStore.pair(Collisions.HASHING, asked, asked)) {
      assertThat(store.capacity()).isEqualTo(capacity);
      assertThat(store.room()).isEqualTo(capacity);
      assertThat(IndexView.buckets(store.view()) * 8 * 7 / 10).isGreaterThanOrEqualTo(2 * capacity);
      assertThat(IndexView.base(store.view()) % 64).isZero();
      assertThat(store.at(0) % 64).isZero();
    }
  }

  /** With the index; the index alone at most 12. */
  @Test
  void shouldTakeAtMost80BytesAFlowAndDirectionInALargeTable() {
    FlowStore store = FlowStore.pair(Collisions.HASHING, 1 << 16, 1)[0];
    assertThat(store.memoryBytes() / (2.0 * store.capacity())).isLessThan(76);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, (1 << 28) + 1})
  void shouldRefuseCapacitiesOutOfRange(int flows) {
    assertThatThrownBy(() -> FlowStore.pair(Collisions.HASHING, flows, 1))
        .hasMessageContaining("flows=" + flows);
    assertThatThrownBy(() -> FlowStore.pair(Collisions.HASHING, 1, flows))
        .hasMessageContaining("flows=" + flows);
  }

  @Test
  void shouldRefuseARoomAtFirstThatIsOutOfRange() {
    assertThatThrownBy(() -> new Room(0, 4))
        .hasMessageContaining("flows at first=0, expected 1 to at most=4");
    assertThatThrownBy(() -> new Room(5, 4))
        .hasMessageContaining("flows at first=5, expected 1 to at most=4");
  }
}
