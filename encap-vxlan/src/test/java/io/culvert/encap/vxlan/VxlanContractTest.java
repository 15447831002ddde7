package io.culvert.encap.vxlan;

import io.culvert.spi.EncapProvider;
import io.culvert.spi.Sample;
import io.culvert.testkit.contract.EncapContract;
import io.culvert.testkit.law.GoldenVector;
import io.culvert.testkit.law.ShimBits;
import io.vavr.collection.Seq;
import java.math.BigInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** All laws, for VXLAN. */
class VxlanContractTest extends EncapContract {
  @Override
  protected EncapProvider provider() {
    return new VxlanProvider();
  }

  /** The picture of RFC 7348 §5; a reserved bit guards, unless the device ignores it. */
  @Override
  protected ShimBits bits(Sample sample) {
    String judged =
        sample.settings().word("reserved").contains("ignore")
            ? "0".repeat(64)
            : sample
                .settings()
                .word("reserved_bits")
                .map(text -> new BigInteger(text.substring(2), 16).setBit(64).toString(2))
                .map(bits -> bits.substring(1))
                .getOrElse("1".repeat(64));
    return ShimBits.of(
        String.join(
            ", ",
            reserved("R", judged, 0, 4),
            "I 1 guard",
            reserved("R", judged, 5, 8),
            reserved("Reserved", judged, 8, 32),
            "VNI 24 identity",
            reserved("Reserved", judged, 56, 64)));
  }

  private static String reserved(String name, String judged, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(bit -> name + " 1 " + (judged.charAt(bit) == '1' ? "guard" : "free"))
        .collect(Collectors.joining(", "));
  }

  @Override
  protected Seq<GoldenVector> vectors() {
    return VxlanFrames.ALL;
  }
}
