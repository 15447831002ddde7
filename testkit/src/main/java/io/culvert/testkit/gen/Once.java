package io.culvert.testkit.gen;

import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.ShrinkingDistance;
import org.jspecify.annotations.Nullable;

/**
 * An arbitrary that makes each of its values once.
 *
 * <p>jqwik makes a value anew whenever it looks at it: to filter it, to map it, to hand it out.
 * That keeps values that a test changes apart, and costs a multiple of the time where they are made
 * by whole routers. So this is for immutable values alone. It also tells itself from others by
 * identity: jqwik looks generators up by what their arbitraries are made of, and goes through all
 * of that each time.
 */
public final class Once<T extends @Nullable Object> implements Arbitrary<T> {
  private final Arbitrary<T> arbitrary;

  private Once(Arbitrary<T> arbitrary) {
    this.arbitrary = arbitrary;
  }

  /** The same values, each made once. */
  public static <T extends @Nullable Object> Arbitrary<T> of(Arbitrary<T> arbitrary) {
    return new Once<>(arbitrary);
  }

  @Override
  public RandomGenerator<T> generator(int genSize) {
    RandomGenerator<T> generator = arbitrary.generator(genSize);
    return random -> new Made<>(generator.next(random));
  }

  @Override
  public RandomGenerator<T> generatorWithEmbeddedEdgeCases(int genSize) {
    RandomGenerator<T> generator = arbitrary.generatorWithEmbeddedEdgeCases(genSize);
    return random -> new Made<>(generator.next(random));
  }

  @Override
  public EdgeCases<T> edgeCases(int maxEdgeCases) {
    return arbitrary.edgeCases(maxEdgeCases);
  }

  /** A value that is kept; it shrinks as it would without. */
  private static final class Made<T extends @Nullable Object> implements Shrinkable<T> {
    private final Shrinkable<T> made;
    private boolean isKnown;
    private @Nullable T value;

    Made(Shrinkable<T> made) {
      this.made = made;
    }

    @Override
    @SuppressWarnings("NullAway") // Null only where T has it.
    public T value() {
      if (!isKnown) {
        value = made.value();
        isKnown = true;
      }
      return value;
    }

    @Override
    public Stream<Shrinkable<T>> shrink() {
      return made.shrink().map(Made::new);
    }

    @Override
    public Optional<Shrinkable<T>> grow(Shrinkable<?> before, Shrinkable<?> after) {
      return made.grow(before, after).map(Made::new);
    }

    @Override
    public Stream<Shrinkable<T>> grow() {
      return made.grow().map(Made::new);
    }

    @Override
    public ShrinkingDistance distance() {
      return made.distance();
    }
  }
}
