import io.culvert.testkit.codec.GreCodec;
import io.culvert.testkit.codec.IpipCodec;
import io.culvert.testkit.codec.PlainCodec;
import io.culvert.testkit.codec.PppoeCodec;
import io.culvert.testkit.codec.VlanCodec;
import io.culvert.testkit.codec.VxlanCodec;

/**
 * The test kit: captures, scenarios, and the reference router that is the oracle of the fast path.
 */
module io.culvert.testkit {
  requires transitive io.culvert.api;
  requires transitive io.culvert.flowtable;
  requires transitive net.jqwik.api;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires jdk.management;
  requires transitive org.junit.jupiter.api;
  requires org.junit.platform.engine;
  requires static org.junit.platform.launcher;

  exports io.culvert.testkit.codec;
  exports io.culvert.testkit.contract;
  exports io.culvert.testkit.fault;
  exports io.culvert.testkit.gen;
  exports io.culvert.testkit.golden;
  exports io.culvert.testkit.law;
  exports io.culvert.testkit.nft;
  exports io.culvert.testkit.pcap;
  exports io.culvert.testkit.replay;
  exports io.culvert.testkit.router;
  exports io.culvert.testkit.scenario;

  // jqwik and JUnit call the laws, also those that a package hides.
  opens io.culvert.testkit.contract;

  uses PlainCodec;
  uses org.junit.platform.engine.TestEngine;

  provides PlainCodec with
      GreCodec,
      IpipCodec,
      PppoeCodec,
      VlanCodec,
      VxlanCodec;
}
