package io.culvert.encap.pppoe;

import io.culvert.spi.EncapProvider;
import io.culvert.spi.InnerType;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.testkit.contract.EncapContract;
import io.culvert.testkit.law.GoldenVector;
import io.culvert.testkit.law.ShimBits;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.HexFormat;

/** All laws, for PPPoE sessions. */
class PppoeContractTest extends EncapContract {
  private static final int BEHIND_ETHERNET = 14;

  @Override
  protected EncapProvider provider() {
    return new PppoeProvider();
  }

  /** RFC 2516 §4, and the PPP protocol. */
  @Override
  protected ShimBits bits(Sample sample) {
    return ShimBits.of(
        "VER 4 guard, TYPE 4 guard, CODE 8 guard, SESSION_ID 16 identity, LENGTH 16 derived,"
            + " protocol 16 type");
  }

  /** What a Linux kernel sent in its session 0x1234; the number counts outer.pcap's frames. */
  @Override
  protected Seq<GoldenVector> vectors() {
    return List.of(
        linux(
            "pppoe, frame 30",
            InnerType.IPV4,
            "0200000000120200000000118864 11001234001e 0021"
                + "4500001c301e00003f1180f8c0a8000a0a000009 c351c3850008ae4b"),
        linux(
            "pppoe, frame 141",
            InnerType.IPV6,
            "0200000000120200000000118864 11001234003e 0057"
                + "600000000014063f fd00000a000000000000000000000010"
                + "fd00000b000000000000000000000009 9c43c3a0000003e8000003e95012faf052fd0000"));
  }

  private static GoldenVector linux(String what, InnerType inner, String frame) {
    Settings settings =
        Settings.of("pppoe")
            .with("session", 0x1234)
            .with("peer", new MacAddress(0x02_00_00_00_00_12L))
            .with("link", "eth1");
    return GoldenVector.inFrame(
        "Linux, " + what,
        new Sample(settings, inner),
        HexFormat.of().parseHex(frame.replace(" ", "")),
        BEHIND_ETHERNET,
        PppoeHeader.LENGTH);
  }
}
