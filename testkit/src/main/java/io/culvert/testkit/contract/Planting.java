package io.culvert.testkit.contract;

import io.culvert.spi.EncapProvider;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fault that is planted in the contract that this thread runs, and the one provider that has
 * it.
 */
final class Planting {
  private static final ThreadLocal<@Nullable Planting> CURRENT = new ThreadLocal<>();

  private final Function<EncapProvider, EncapProvider> plant;
  private @Nullable EncapProvider broken;
  private boolean isFound;

  private Planting(Function<EncapProvider, EncapProvider> plant) {
    this.plant = plant;
  }

  /** Runs something with a fault. */
  static <T> T with(Function<EncapProvider, EncapProvider> plant, Supplier<T> body) {
    CURRENT.set(new Planting(plant));
    try {
      return body.get();
    } finally {
      CURRENT.remove();
    }
  }

  static boolean isOn() {
    return CURRENT.get() != null;
  }

  /** A law does not hold: with a fault planted that is all that was to be seen. */
  static void found() {
    Planting planting = CURRENT.get();
    if (planting != null) {
      planting.isFound = true;
    }
  }

  /** True if a law has found the fault that is planted. */
  static boolean isFound() {
    Planting planting = CURRENT.get();
    return planting != null && planting.isFound;
  }

  /** The broken provider while there is a fault; else the provider. */
  static EncapProvider in(EncapProvider provider) {
    Planting planting = CURRENT.get();
    return planting == null ? provider : planting.broken(provider);
  }

  /** Made once: the laws ask for the provider again and again, and it stays the same. */
  private EncapProvider broken(EncapProvider provider) {
    EncapProvider made = broken;
    if (made == null) {
      made = plant.apply(provider);
      broken = made;
    }
    return made;
  }
}
