package io.culvert.encap.ipip;

import io.culvert.spi.EncapProvider;
import io.culvert.spi.InnerType;
import io.culvert.spi.Sample;
import io.culvert.testkit.contract.EncapContract;
import io.culvert.testkit.golden.GoldenFrame;
import io.culvert.testkit.golden.GoldenScenario;
import io.culvert.testkit.law.GoldenVector;
import io.culvert.testkit.law.ShimBits;
import io.vavr.collection.Seq;

/** All laws, for IP in IP. */
class IpipContractTest extends EncapContract {
  @Override
  protected EncapProvider provider() {
    return new IpipProvider();
  }

  @Override
  protected ShimBits bits(Sample sample) {
    return ShimBits.NONE;
  }

  @Override
  protected Seq<GoldenVector> vectors() {
    return fourInFour().toList().appendAll(GoldenFrames.all());
  }

  /** What a Linux kernel sent into its tunnel: 34 bytes of Ethernet and IPv4, then the packet. */
  private static Seq<GoldenVector> fourInFour() {
    Sample tunnel = new Sample(IpipFixture.ends().with("ttl", 64), InnerType.IPV4);
    return GoldenScenario.named("ipip-ttl64")
        .steps()
        .flatMap(step -> step.outputs().map(GoldenFrame::bytes))
        .filter(frame -> frame.length > 34 && frame[12] == 0x08 && frame[13] == 0 && frame[23] == 4)
        .map(frame -> GoldenVector.inFrame("Linux, ipip-ttl64", tunnel, frame, 34, 0));
  }
}
