package org.example.geneve;

import io.culvert.spi.EncapProvider;
import io.culvert.spi.Sample;
import io.culvert.testkit.contract.EncapContract;
import io.culvert.testkit.law.GoldenVector;
import io.culvert.testkit.law.ShimBits;
import io.vavr.collection.List;
import io.vavr.collection.Seq;

class GeneveTest extends EncapContract {
  @Override
  protected EncapProvider provider() {
    return new GeneveProvider();
  }

  @Override
  protected ShimBits bits(Sample sample) {
    return ShimBits.of(
        "Ver 2 guard, OptLen 6 derived, O 1 guard, C 1 guard, Rsvd 6 guard, ProtocolType 16 guard,"
            + " VNI 24 identity, Reserved 8 guard");
  }

  @Override
  protected Seq<GoldenVector> vectors() { // sent by a Linux 6.1 kernel with `id 100`
    String syn =
        "020000000022 020000000021 0800 45000028 20024000 3f065113 c0a8000a 0a000009"
            + "9c42c3a0 000003e8 00000000 5002faf0 866b0000";
    return samples()
        .flatMap(sample -> List.of(GoldenVector.of("Linux", sample, "00006558 00006400", syn)))
        .flatMap(vector -> List.of(vector, vector.received()));
  }
}
