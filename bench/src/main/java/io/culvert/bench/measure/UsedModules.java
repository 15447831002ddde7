package io.culvert.bench.measure;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.spi.EncapProvider;

/** The modules that a router needs, of all that are there. */
public final class UsedModules {
  private UsedModules() {}

  /**
   * A registry of those modules alone that serve a device of a router.
   *
   * @param all what is loaded
   * @param scenario the router, in the words of {@code ip link}
   */
  public static EncapRegistry of(EncapRegistry all, String scenario) {
    return EncapRegistry.of(
        all.providers()
            .map(Guarded::provider)
            .filter(provider ->
                provider.linkTypes().exists(type -> scenario.contains("type " + type.name() + " ")))
            .toJavaArray(EncapProvider[]::new));
  }
}
