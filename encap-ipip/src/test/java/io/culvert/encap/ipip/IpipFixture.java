package io.culvert.encap.ipip;

import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.spi.Settings;
import io.culvert.testkit.law.Violation;
import io.culvert.wire.IpAddress;
import io.vavr.control.Option;
import java.util.SplittableRandom;

/** What the tests of this module share. */
final class IpipFixture {
  static final EncapRegistry REGISTRY = EncapRegistry.of(new IpipProvider());

  private IpipFixture() {}

  /** Fails with the violation, if there is one. */
  static void holds(Option<Violation> violation) {
    if (violation.isDefined()) {
      throw new AssertionError(violation.get().toString());
    }
  }

  /** A small table, whose hash secrets are always the same. */
  static FlowTableConfig config(MatchMode mode) {
    return new FlowTableConfig(mode, 64, 32, 64, new SplittableRandom(42));
  }

  static IpAddress address(String text) {
    return IpAddress.parse(text).get();
  }

  /** Both ends, and nothing else. */
  static Settings ends() {
    return Settings.of("ipip")
        .with("local", address("192.168.1.1"))
        .with("remote", address("192.168.1.2"));
  }
}
