package io.culvert.encap.vxlan;

import io.culvert.spi.EncapProvider;
import io.culvert.spi.Sample;
import io.culvert.testkit.contract.EncapContract;
import io.culvert.testkit.law.GoldenVector;
import io.culvert.testkit.law.ShimBits;
import io.vavr.collection.Seq;

/** All laws, for VXLAN. */
class VxlanContractTest extends EncapContract {
  @Override
  protected EncapProvider provider() {
    return new VxlanProvider();
  }

  /** The picture of RFC 7348 §5; the strict reading guards what a receiver might ignore. */
  @Override
  protected ShimBits bits(Sample sample) {
    return ShimBits.of(
        "R 4 guard, I 1 guard, R 3 guard, Reserved 24 guard, VNI 24 identity, Reserved 8 guard");
  }

  @Override
  protected Seq<GoldenVector> vectors() {
    return VxlanFrames.ALL;
  }
}
