import io.culvert.testkit.codec.IpipCodec;
import io.culvert.testkit.codec.PlainCodec;

/**
 * The test kit: captures, scenarios, and the reference router that is the oracle of the fast path.
 */
module io.culvert.testkit {
  requires transitive io.culvert.api;
  requires transitive io.culvert.flowtable;
  requires transitive net.jqwik.api;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;

  exports io.culvert.testkit.codec;
  exports io.culvert.testkit.gen;
  exports io.culvert.testkit.golden;
  exports io.culvert.testkit.law;
  exports io.culvert.testkit.pcap;
  exports io.culvert.testkit.replay;
  exports io.culvert.testkit.router;
  exports io.culvert.testkit.scenario;

  uses PlainCodec;

  provides PlainCodec with
      IpipCodec;
}
