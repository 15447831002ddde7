package io.culvert.flowtable.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.EncapKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.Transformer;
import org.junit.jupiter.api.Test;

/** Interning does what a counting map from words to numbers does. */
class StackTableProperties {
  private static final int STACKS = 60;

  /** Stack number n: two to seven words; many share their first words, or differ in length. */
  private static EncapKey key(int stack) {
    EncapKey key = new EncapKey();
    key.add(1);
    key.add(stack % 2);
    for (int more = 0; more < stack / 2 % 6; more++) {
      key.add(stack / 12);
    }
    if (stack / 2 % 6 == 0) {
      key.add(-1 - stack / 12);
    }
    return key;
  }

  /** The table beside a plain map. */
  static final class Model {
    private final Hashing hashing;
    private final StackTable table;
    private final Map<Integer, Integer> numbers = new HashMap<>();
    private final Map<Integer, Integer> references = new HashMap<>();
    // Given back, and perhaps still in a reader's hands: not to be anybody else's.
    private final Map<Integer, Integer> held = new HashMap<>();

    Model(Hashing hashing) {
      this.hashing = hashing;
      table = new StackTable(hashing);
    }

    void intern(int stack) {
      int number = table.intern(key(stack));
      assertThat(number).isPositive();
      assertThat(held.getOrDefault(number, stack)).as("number %d", number).isEqualTo(stack);
      Integer known = numbers.putIfAbsent(stack, number);
      assertThat(known == null || known == number).isTrue();
      references.merge(stack, 1, Integer::sum);
    }

    void release(int stack) {
      Integer number = numbers.get(stack);
      if (number == null) {
        return;
      }
      table.release(number);
      if (references.merge(stack, -1, Integer::sum) == 0) {
        references.remove(stack);
        numbers.remove(stack);
        held.put(number, stack);
      }
    }

    /** As the control path does it: out of the readers' sight, wait, use again. */
    void settle() {
      table.withdraw();
      check(0);
      table.reclaim();
      held.clear();
    }

    void check() {
      assertThat(table.size()).isEqualTo(numbers.size());
      assertThat(new HashSet<>(numbers.values())).hasSize(numbers.size());
      check(-1);
    }

    /** A stack that nobody refers to may be found under its old number until it is withdrawn. */
    private void check(int withdrawn) {
      for (int stack = 0; stack < STACKS; stack++) {
        EncapKey key = key(stack);
        int found = table.view().find(key, StackTable.digest(hashing, key));
        if (numbers.containsKey(stack) || found == 0 || withdrawn == 0) {
          assertThat(found).isEqualTo(numbers.getOrDefault(stack, 0));
        } else {
          assertThat(held).containsEntry(found, stack);
        }
      }
    }
  }

  @Property(tries = 200)
  void shouldInternAsACountingMap(@ForAll("chains") ActionChain<Model> chain) {
    chain.withInvariant(Model::check).run();
  }

  @Provide
  Arbitrary<ActionChain<Model>> chains() {
    Arbitrary<Integer> stacks = Arbitraries.integers().between(0, STACKS - 1);
    Action.Independent<Model> intern =
        () -> stacks.map(s -> Transformer.mutate("intern " + s, model -> model.intern(s)));
    Action.Independent<Model> release =
        () -> stacks.map(s -> Transformer.mutate("release " + s, model -> model.release(s)));
    Action.Independent<Model> settle =
        () -> Arbitraries.just(Transformer.mutate("settle", Model::settle));
    return Arbitraries.longs()
        .flatMap(seed ->
            ActionChain.startWith(() -> new Model(Hashing.random(new Random(seed))))
                .withAction(3, intern)
                .withAction(3, release)
                .withAction(1, settle)
                .withMaxTransformations(80));
  }

  /** With a zero secret the digest of a stack that ends in that word is zero for all of them. */
  @Test
  void shouldTellStacksApartWhoseDigestsAreEqual() {
    Hashing zero = new Hashing(0, 0, 0, 0, 0, 0, 0, 0, 0, 7);
    StackTable table = new StackTable(zero);
    int[] numbers = new int[40];
    for (int stack = 0; stack < numbers.length; stack++) {
      EncapKey key = ending7(stack);
      assertThat(StackTable.digest(zero, key)).isZero();
      assertThat(table.view().find(key, 0)).isZero();
      numbers[stack] = table.intern(key);
    }
    for (int stack = 0; stack < numbers.length; stack++) {
      assertThat(table.view().find(ending7(stack), 0)).isEqualTo(numbers[stack]);
    }
  }

  /** Differs from the others in one word, the first to the last but one. */
  private static EncapKey ending7(int stack) {
    EncapKey key = new EncapKey();
    for (int word = 0; word < 4; word++) {
      key.add(word == stack % 4 ? 100 + stack : word);
    }
    key.add(7);
    return key;
  }

  @Test
  void shouldReuseTheRoomOfStacksThatLeft() {
    StackTable table = new StackTable(Hashing.random(new Random(1)));
    int room = 0;
    for (int round = 0; round < 100; round++) {
      int[] numbers = new int[STACKS];
      for (int stack = 0; stack < STACKS; stack++) {
        numbers[stack] = table.intern(key(stack));
      }
      room = round == 0 ? table.view().words().length : room;
      assertThat(table.view().words()).hasSize(room);
      for (int number : numbers) {
        table.release(number);
      }
      assertThat(table.size()).isZero();
      table.withdraw();
      table.reclaim();
    }
  }

  @Test
  void shouldKeepAViewThatAReaderHoldsWhileTheTableGrows() {
    Hashing hashing = Hashing.random(new Random(2));
    StackTable table = new StackTable(hashing);
    int number = table.intern(key(0));
    StackTable.View held = table.view();
    List<Integer> others = new java.util.ArrayList<>();
    for (int stack = 1; stack < STACKS; stack++) {
      others.add(table.intern(key(stack)));
    }
    others.forEach(table::release);
    assertThat(held.find(key(0), StackTable.digest(hashing, key(0)))).isEqualTo(number);
  }
}
