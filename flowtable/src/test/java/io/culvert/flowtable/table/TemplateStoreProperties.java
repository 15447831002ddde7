package io.culvert.flowtable.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.Transformer;
import org.junit.jupiter.api.Test;

class TemplateStoreProperties {
  private static final int SLOTS = 5;
  private static final int TEMPLATES = 9;

  /** Template n: a length, port and operations of its own. */
  private static Template template(int n) {
    byte[] bytes = new byte[14 + 30 * n];
    java.util.Arrays.fill(bytes, (byte) n);
    long[] operations = new long[2 * n];
    java.util.Arrays.fill(operations, 0x0100L * n);
    return new Template(n + 1, bytes, operations);
  }

  /** The store beside a plain map. */
  static final class Model {
    private final TemplateStore store = new TemplateStore(SLOTS);
    private final Map<Integer, Integer> numbers = new HashMap<>();
    private final Map<Integer, Integer> references = new HashMap<>();

    void intern(int n) {
      int number = store.intern(template(n));
      if (!numbers.containsKey(n) && numbers.size() == SLOTS) {
        assertThat(number).isEqualTo(-1);
        return;
      }
      assertThat(number).isBetween(1, SLOTS);
      Integer known = numbers.putIfAbsent(n, number);
      assertThat(known == null || known == number).isTrue();
      references.merge(n, 1, Integer::sum);
    }

    void release(int n) {
      Integer number = numbers.get(n);
      if (number != null) {
        store.release(number);
        if (references.merge(n, -1, Integer::sum) == 0) {
          references.remove(n);
          numbers.remove(n);
        }
      }
    }

    void check() {
      assertThat(store.size()).isEqualTo(numbers.size());
      assertThat(new HashSet<>(numbers.values())).hasSize(numbers.size());
      numbers.forEach((n, number) -> assertStored(store, number, template(n)));
    }
  }

  private static void assertStored(TemplateStore store, int number, Template template) {
    long head = store.memory().get(FlowStore.LONG, TemplateStore.at(number));
    long bytesAt = head >>> 32 & 0xffff;
    byte[] bytes =
        store
            .memory()
            .asSlice(TemplateStore.at(number) + bytesAt, head & 0xffff)
            .toArray(ValueLayout.JAVA_BYTE);
    assertThat(bytes).isEqualTo(template.bytes());
    assertThat(head >>> 16 & 0xffff).isEqualTo(template.port());
    assertThat(head >>> 48 != 0).isEqualTo(template.operations().length > 0);
    for (int word = 0; word < template.operations().length; word++) {
      long stored = store.memory().get(FlowStore.LONG, TemplateStore.at(number) + 8 + 8L * word);
      boolean more = word % 2 == 0 && word + 2 < template.operations().length;
      assertThat((TemplateOperation.flags(stored) & TemplateOperation.MORE) != 0).isEqualTo(more);
      assertThat(stored & ~((long) TemplateOperation.MORE << 16))
          .isEqualTo(template.operations()[word]);
    }
  }

  @Property(tries = 300)
  void shouldCountReferencesAsAMapDoes(@ForAll("chains") ActionChain<Model> chain) {
    chain.withInvariant(Model::check).run();
  }

  @Provide
  Arbitrary<ActionChain<Model>> chains() {
    Arbitrary<Integer> templates = Arbitraries.integers().between(0, TEMPLATES - 1);
    Action.Independent<Model> intern =
        () -> templates.map(n -> Transformer.mutate("intern " + n, model -> model.intern(n)));
    Action.Independent<Model> release =
        () -> templates.map(n -> Transformer.mutate("release " + n, model -> model.release(n)));
    return ActionChain.startWith(Model::new)
        .withAction(3, intern)
        .withAction(2, release)
        .withMaxTransformations(60);
  }

  @Test
  void shouldHoldTheLongestTemplateWithTheMostOperations() {
    TemplateStore store = new TemplateStore(2);
    byte[] bytes = new byte[TemplateStore.MAX_HEADER_BYTES];
    java.util.Arrays.fill(bytes, (byte) 0x5a);
    long[] operations = new long[30];
    java.util.Arrays.fill(operations, 0x0100L);
    Template longest = new Template(65535, bytes, operations);
    int number = store.intern(longest);
    int next = store.intern(template(1));
    assertStored(store, number, longest);
    assertStored(store, next, template(1));
  }

  @Test
  void shouldRefuseTemplatesThatDoNotFitTheirSlot() {
    byte[] longest = new byte[TemplateStore.MAX_HEADER_BYTES];
    assertThatThrownBy(() -> new Template(1, new byte[13], new long[0]))
        .hasMessageContaining("bytes=13");
    assertThatThrownBy(() -> new Template(1, new byte[longest.length + 1], new long[0]))
        .hasMessageContaining("bytes=257");
    assertThatThrownBy(() -> new Template(1, longest, new long[31]))
        .hasMessageContaining("operations=31");
    assertThatThrownBy(() -> new Template(1, longest, new long[32]))
        .hasMessageContaining("operations=32");
  }

  @Test
  void shouldRefuseASizeOutOfRange() {
    assertThatThrownBy(() -> new TemplateStore(0)).hasMessageContaining("slots=0");
    assertThatThrownBy(() -> new TemplateStore((1 << 20) + 1)).hasMessageContaining("slots=");
  }
}
