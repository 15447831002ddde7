package io.culvert.encap.vlan;

import io.culvert.spi.EncapProvider;
import io.culvert.spi.InnerType;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.testkit.contract.EncapContract;
import io.culvert.testkit.law.GoldenVector;
import io.culvert.testkit.law.ShimBits;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.HexFormat;

/** All laws, for VLAN tags. */
class VlanContractTest extends EncapContract {
  private static final int BEHIND_ETHERNET = 14;

  @Override
  protected EncapProvider provider() {
    return new VlanProvider();
  }

  /** IEEE 802.1Q §9.6; PCP and DEI are of no meaning to whose frame it is. */
  @Override
  protected ShimBits bits(Sample sample) {
    return ShimBits.of("PCP 3 free, DEI 1 free, VID 12 identity, type 16 type");
  }

  /** What a Linux kernel sent through its VLAN devices; the number counts outer.pcap's frames. */
  @Override
  protected Seq<GoldenVector> vectors() {
    Settings tag = Settings.of("vlan").with("link", "eth1").with("id", 100);
    Settings provider = tag.with("id", 200).with("proto", "802.1ad");
    return List.of(
        linux(
            "vlan, frame 30",
            tag,
            InnerType.IPV4,
            "0200000000120200000000118100 0064 0800"
                + "4500001c301e00003f1180f8c0a8000a0a000009 c351c3850008ae4b"),
        linux(
            "vlan, frame 141",
            tag,
            InnerType.IPV6,
            "0200000000120200000000118100 0064 86dd"
                + "600000000014063f fd00000a000000000000000000000010"
                + "fd00000b000000000000000000000009 9c43c3a0000003e8000003e95012faf052fd0000"),
        linux(
            "vlan-4094-noreorder, frame 14",
            tag.with("id", 4094).with("reorder_hdr", "off"),
            InnerType.IPV4,
            "0200000000120200000000118100 6ffe 0800"
                + "4500001c300e00003f118108c0a8000a0a000009 c351c3850008ae4b"),
        linux(
            "qinq, frame 14, the outer tag",
            provider,
            new InnerType(InnerType.ETHERTYPE, 0x8100),
            "02000000001202000000001188a8 00c8 8100 012c 0800"
                + "4500001c300e00003f118108c0a8000a0a000009 c351c3850008ae4b"));
  }

  private static GoldenVector linux(String what, Settings settings, InnerType inner, String frame) {
    return GoldenVector.inFrame(
        "Linux, " + what,
        new Sample(settings, inner),
        HexFormat.of().parseHex(frame.replace(" ", "")),
        BEHIND_ETHERNET,
        VlanHeader.LENGTH);
  }
}
