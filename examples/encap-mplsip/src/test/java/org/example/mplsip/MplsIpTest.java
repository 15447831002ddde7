package org.example.mplsip;

import io.culvert.spi.EncapProvider;
import io.culvert.spi.Sample;
import io.culvert.testkit.contract.EncapContract;
import io.culvert.testkit.law.GoldenVector;
import io.culvert.testkit.law.ShimBits;
import io.vavr.collection.List;
import io.vavr.collection.Seq;

class MplsIpTest extends EncapContract {
  @Override
  protected EncapProvider provider() {
    return new MplsIpProvider();
  }

  @Override
  protected ShimBits bits(Sample sample) {
    return ShimBits.of("Label 20 identity, TC 3 free, S 1 guard, TTL 8 derived");
  }

  @Override
  protected Seq<GoldenVector> vectors() { // label 1000, bottom of stack, TTL 64; an IPv4 header
    String packet = "45000014 00000000 4000b040 0a000001 c0a80001";
    return List.of(
        GoldenVector.of("RFC 3032 §2.1, by hand", samples().head(), "003e8 1 40", packet));
  }
}
