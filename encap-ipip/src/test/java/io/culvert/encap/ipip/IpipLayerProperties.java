package io.culvert.encap.ipip;

import static io.culvert.encap.ipip.IpipFixture.holds;

import io.culvert.spi.InnerType;
import io.culvert.spi.Settings;
import io.culvert.testkit.law.EncapSubject;
import io.culvert.testkit.law.StackLaws;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What the contract cannot know of IPIP: that a peer is configured with the ends exchanged. */
class IpipLayerProperties {
  private static final IpipProvider PROVIDER = new IpipProvider();
  private static final EncapSubject SUBJECT =
      new EncapSubject(PROVIDER, IpipFixture.ends(), InnerType.IPV4);

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
