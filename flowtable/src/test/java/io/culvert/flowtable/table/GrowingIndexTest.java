package io.culvert.flowtable.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What growing does at its edges; {@link FlowStoreProperties} grows stores in every order. */
class GrowingIndexTest {
  private static final int PAIRS = 16;

  private final NativeMemory source = NativeMemory.whole();
  private final IndexLayout layout = IndexLayout.of(0, PAIRS, 2 * PAIRS, source.granule());
  private final MemorySegment memory = source.allocate(layout.end());
  private boolean isCrowded;
  private final GrowingIndex index = new GrowingIndex(source, memory, layout, this::hash);

  /** Spread; but where they all crowd, those that are to move find no room. */
  private long hash(int entry) {
    return isCrowded ? 0 : (entry + 1) * 0x9e37_79b9_7f4a_7c15L;
  }

  private void fill(int entries) {
    for (int entry = 0; entry < entries; entry++) {
      assertThat(index.insert(hash(entry), entry)).isTrue();
    }
  }

  private boolean isThere(int entry) {
    long hash = (entry + 1) * 0x9e37_79b9_7f4a_7c15L;
    int way = index.current().next(hash, 0);
    while (way < FlowIndex.WAYS && index.current().entryAt(hash, way) != entry) {
      way = index.current().next(hash, way + 1);
    }
    return way < FlowIndex.WAYS;
  }

  private boolean isZero(int size) {
    return memory
            .asSlice(layout.base(size), layout.bytes(size))
            .mismatch(MemorySegment.ofArray(new byte[(int) layout.bytes(size)]))
        == -1;
  }

  @Test
  void shouldShowTheLargerOneWhenAllIsInItAndGiveBackTheSmallerOneAfterwards() {
    fill(2 * PAIRS);
    long before = index.view();
    index.begin();
    boolean isDone = false;
    for (int step = 0; step < PAIRS; step++) {
      assertThat(isDone).isFalse();
      assertThat(index.view()).isEqualTo(before);
      isDone = index.move(1, PAIRS, _ -> true);
    }
    assertThat(isDone).isTrue();
    List<Boolean> whileAwaited = new ArrayList<>();
    index.show(() -> {
      whileAwaited.add(index.view() != before);
      whileAwaited.add(!isZero(0)); // some reader may still search it
    });
    assertThat(whileAwaited).containsExactly(true, true);
    assertThat(isZero(0)).isTrue();
    assertThat(IndexView.buckets(index.view())).isEqualTo(layout.buckets(1));
    assertThat(index.isGrowing()).isFalse();
    assertThat(index.mayGrow()).isFalse();
    for (int entry = 0; entry < 2 * PAIRS; entry++) {
      assertThat(isThere(entry)).as("entry %d", entry).isTrue();
    }
  }

  @Test
  void shouldStayAsItIsIfTheLargerOneHasNoRoomAroundAHash() {
    fill(2 * PAIRS);
    isCrowded = true;
    index.begin();
    boolean isDone = index.move(PAIRS, PAIRS, _ -> true);
    assertThat(isDone).isFalse();
    assertThat(index.isGrowing()).isFalse();
    assertThat(index.mayGrow()).isFalse();
    assertThat(isZero(1)).isTrue();
    isCrowded = false;
    for (int entry = 0; entry < 2 * PAIRS; entry++) {
      assertThat(isThere(entry)).isTrue();
    }
    // When something has left it tries again.
    index.remove(hash(3), 3);
    assertThat(index.mayGrow()).isTrue();
    index.begin();
    assertThat(index.move(PAIRS, PAIRS, pair -> pair != 1)).isTrue();
  }

  @Test
  void shouldCountWhatItTakesWhileTwoAreFilled() {
    long one = index.bytes();
    index.begin();
    assertThat(index.bytes()).isEqualTo(layout.end()).isGreaterThan(2 * one);
  }
}
