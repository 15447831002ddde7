package io.culvert.encap.gre;

import io.culvert.spi.Direction;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.testkit.contract.EncapContract;
import io.culvert.testkit.law.GoldenVector;
import io.culvert.testkit.law.ShimBits;
import io.vavr.collection.Seq;

/** All laws, for GRE. */
class GreContractTest extends EncapContract {
  private static final String FLAGS =
      "C 1 form, R 1 guard, K 1 form, S 1 form, Reserved0 9 guard, Ver 3 guard, Type 16 type";

  @Override
  protected EncapProvider provider() {
    return new GreProvider();
  }

  @Override
  protected ShimBits bits(Sample sample) {
    return bits(sample, Direction.TRANSMIT);
  }

  /** The pictures of RFC 2784 §2 and RFC 2890 §2, with the optional fields of a direction. */
  @Override
  protected ShimBits bits(Sample sample, Direction direction) {
    String way = direction == Direction.TRANSMIT ? "o" : "i";
    String bits = FLAGS;
    if (has(sample.settings(), way, "csum")) {
      bits += ", Checksum 16 derived, Reserved1 16 guard";
    }
    if (has(sample.settings(), way, "key")) {
      bits += ", Key 32 identity";
    }
    if (has(sample.settings(), way, "seq")) {
      bits += ", Sequence 32 derived";
    }
    return ShimBits.of(bits);
  }

  /**
   * True if a direction has a field, of its own or of both; "off" and "nokey" say that it has none.
   */
  private static boolean has(Settings settings, String way, String field) {
    return settings
        .values()
        .get(way + field)
        .orElse(() -> settings.values().get(field))
        .exists(value -> !value.toString().equals("off"));
  }

  @Override
  protected Seq<GoldenVector> vectors() {
    return GreFrames.ALL;
  }
}
