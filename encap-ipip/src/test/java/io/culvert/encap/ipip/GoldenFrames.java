package io.culvert.encap.ipip;

import static io.culvert.encap.ipip.IpipFixture.address;

import io.culvert.spi.InnerType;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.testkit.law.GoldenVector;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.HexFormat;

/** Frames that a Linux kernel sent into sit and ip6tnl; the number counts outer.pcap's frames. */
final class GoldenFrames {
  private static final String ETHERNET4 = "0200000000120200000000110800";
  private static final String ETHERNET6 = "02000000001202000000001186dd";

  /** An IPv6 packet with a TCP segment, hop limit 63. */
  private static final String SYN_ACK =
      "600000000014063f fd00000a000000000000000000000010 fd00000b000000000000000000000009"
          + "9c43c3a0000003e8000003e95012faf052fd0000";

  private static final int ETHERNET = 14;

  /** sit-ttl-inherit, frame 2. */
  static final String SIT_INHERIT =
      ETHERNET4 + "45000050061640003f29b21bc0a80101c0a80102" + SYN_ACK;

  /** sit-nopmtudisc, frame 2. */
  static final String SIT_NOPMTUDISC =
      ETHERNET4 + "45000050c8a600003f292f8bc0a80101c0a80102" + SYN_ACK;

  /** ip6tnl-ip6ip6-noencaplimit, frame 2. */
  static final String SIX_IN_SIX =
      ETHERNET6
          + "60000000003c2940 fd000001000000000000000000000001 fd000001000000000000000000000002"
          + SYN_ACK;

  /** ip6tnl-any, frame 5: hop limit 77, traffic class 0x20. */
  static final String FOUR_IN_SIX =
      ETHERNET6
          + "620000000035044d fd000001000000000000000000000001 fd000001000000000000000000000002"
          + "45000035200540003f065103c0a8000a0a000009"
          + "9c41c3a0000003e9000013898018faf01a5e00000101080a11223345556677880e";

  private GoldenFrames() {}

  static Settings sit() {
    return new Settings("sit", IpipFixture.ends().values());
  }

  static Settings ip6tnl() {
    return Settings.of("ip6tnl")
        .with("local", address("fd00:1::1"))
        .with("remote", address("fd00:1::2"))
        .with("encaplimit", "none");
  }

  static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  static Seq<GoldenVector> all() {
    Settings any = ip6tnl().with("mode", "any").with("hoplimit", 77).with("tclass", 0x20);
    return List.of(
        vector("sit-ttl-inherit", sit().with("ttl", "inherit"), InnerType.IPV6, SIT_INHERIT, 20),
        vector("sit-nopmtudisc", sit().with("pmtudisc", false), InnerType.IPV6, SIT_NOPMTUDISC, 20),
        vector(
            "ip6tnl-ip6ip6-noencaplimit",
            ip6tnl().with("mode", "ip6ip6"),
            InnerType.IPV6,
            SIX_IN_SIX,
            40),
        vector("ip6tnl-any", any, InnerType.IPV4, FOUR_IN_SIX, 40));
  }

  private static GoldenVector vector(
      String capture, Settings settings, InnerType inner, String frame, int outer) {
    return GoldenVector.inFrame(
        "Linux, " + capture, new Sample(settings, inner), bytes(frame), ETHERNET + outer, 0);
  }
}
