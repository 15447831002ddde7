package io.culvert.encap.ipip;

import static io.culvert.encap.ipip.IpipFixture.holds;

import io.culvert.spi.Carrier;
import io.culvert.spi.Encap;
import io.culvert.spi.InnerType;
import io.culvert.spi.Settings;
import io.culvert.testkit.law.EncapSubject;
import io.culvert.testkit.law.LayerLaws;
import io.culvert.testkit.law.StackLaws;
import io.culvert.wire.IpFamily;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The laws of one layer, for IPIP. */
class IpipLayerProperties {
  private static final IpipProvider PROVIDER = new IpipProvider();
  private static final EncapSubject SUBJECT =
      new EncapSubject(PROVIDER, IpipFixture.ends(), InnerType.IPV4);
  private static final Encap ENCAP = PROVIDER.encap(Carrier.ipProtocol(IpFamily.V4, 4));

  /** Payloads that begin as an IPv4 packet does. */
  @Provide
  Arbitrary<byte[]> packets() {
    return Arbitraries.bytes()
        .array(byte[].class)
        .ofMinSize(1)
        .ofMaxSize(80)
        .map(bytes -> {
          bytes[0] = (byte) (0x40 | (bytes[0] & 0xf));
          return bytes;
        });
  }

  @Property
  void required_law01_whatIsPushedIsMatched(
      @ForAll("packets") byte[] payload, @ForAll @IntRange(max = 100) int at) {
    holds(LayerLaws.law01RoundTrip(SUBJECT, payload, at));
  }

  @Property
  void required_law02_everyStrictPrefixIsTruncated(@ForAll("packets") byte[] payload) {
    holds(LayerLaws.law02EveryPrefixIsTruncated(SUBJECT, payload));
  }

  @Property
  void required_law03_theEndIsTheEnd(@ForAll @Size(max = 60) byte[] bytes) {
    holds(LayerLaws.law03TheEndIsTheEnd(ENCAP, bytes));
  }

  @Property
  void required_law04_anyBytesGiveACodeOrAHitThatFits(
      @ForAll @Size(max = 60) byte[] bytes, @ForAll @IntRange(max = 100) int at) {
    holds(LayerLaws.law04AnyBytesGiveACodeOrAHitThatFits(ENCAP, bytes, at));
  }

  @Property
  void required_law10_positionDoesNotMatter(@ForAll @Size(max = 60) byte[] bytes) {
    holds(LayerLaws.law10PositionDoesNotMatter(ENCAP, bytes));
  }

  @Property
  void required_law11_matchReadsOnly(@ForAll @Size(max = 60) byte[] bytes) {
    holds(LayerLaws.law11MatchReadsOnly(ENCAP, bytes));
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void required_law14_tuplesMirror(@ForAll("settings") Settings settings) {
    holds(StackLaws.law14TuplesMirror(SUBJECT, settings));
  }

  @Provide
  Arbitrary<Settings> settings() {
    return IpipStackProperties.layers()
        .map(layer ->
            layer
                .with("local", IpipFixture.address("192.0.2.1"))
                .with("remote", IpipFixture.address("198.51.100.7")));
  }
}
