package io.culvert.testkit.contract;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.testkit.law.GoldenVector;
import io.culvert.testkit.law.ShimBits;
import io.vavr.collection.List;
import io.vavr.collection.Seq;

/** The contract of {@link TagProvider}; {@link TagContractTest} runs it as it is. */
abstract class TagContract extends EncapContract {
  private static final String FIXED =
      "version 4 guard, K 1 form, reserved 3 guard, free 8 free, type 16 type,"
          + " length 16 derived, network 24 identity, unused 8 free, checksum 16 derived";

  abstract Fault fault();

  @Override
  protected EncapProvider provider() {
    return new TagProvider(fault());
  }

  @Override
  protected ShimBits bits(Sample sample) {
    return bits(sample, Direction.TRANSMIT);
  }

  @Override
  protected ShimBits bits(Sample sample, Direction direction) {
    String field = direction == Direction.TRANSMIT ? "okey" : "ikey";
    Settings settings = sample.settings();
    boolean hasKey = settings.number(field).isDefined() || settings.number("key").isDefined();
    return ShimBits.of(hasKey ? FIXED + ", key 32 identity" : FIXED);
  }

  /** The laws of one layer alone: those of stacks would take their time for each fault. */
  @Override
  protected EncapRegistry registry() {
    return EncapRegistry.of();
  }

  /** Lengths and checksums by hand. */
  @Override
  protected Seq<GoldenVector> vectors() {
    Seq<Sample> samples = new TagProvider(Fault.NONE).samples();
    return List.of(
        GoldenVector.of(
            "the draft's figure 1", samples.get(0), "10000800 000f 0a0b0c 00 8ce5", "450000"),
        GoldenVector.of(
            "the draft's figure 2",
            samples.get(4),
            "18000800 0014 0a0b0c 00 cb66 fedcba98",
            "45000004"),
        GoldenVector.of(
                "the draft's figure 1, padded",
                samples.get(0),
                "10000800 000f 0a0b0c 00 8ce5",
                "450000 0000000000")
            .received());
  }
}
