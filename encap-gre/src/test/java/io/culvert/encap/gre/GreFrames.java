package io.culvert.encap.gre;

import io.culvert.spi.Direction;
import io.culvert.spi.InnerType;
import io.culvert.spi.Sample;
import io.culvert.testkit.law.GoldenVector;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.HexFormat;

/**
 * Frames that a Linux 6.1 kernel sent into its GRE tunnels, and that its peer, of the same kernel,
 * sent back: whole frames of the golden captures, as they stood on the wire between the two.
 */
final class GreFrames {
  static final Seq<GoldenVector> ALL =
      List.of(
          captured(
              "gre",
              354,
              "gre local 192.168.1.1 remote 192.168.1.2",
              InnerType.IPV4,
              Direction.RECEIVE,
              34,
              4,
              "020000000011020000000012080045000034c6a140003f2ff1a5c0a80102c0a8010100000800"
                  + "4500001c300e00003f1181080a000009c0a8000ac351c3850008ae4b"),
          captured(
              "gre",
              64,
              "gre local 192.168.1.1 remote 192.168.1.2",
              InnerType.IPV4,
              Direction.TRANSMIT,
              34,
              4,
              "02000000001202000000001108004500002c99c340003f2f1e8cc0a80101c0a8010200000800"
                  + "45000014430400003fff6d2cc0a8000a0a000009"),
          captured(
              "gre",
              211,
              "gre local 192.168.1.1 remote 192.168.1.2",
              InnerType.IPV6,
              Direction.TRANSMIT,
              34,
              4,
              "0200000000120200000000110800450000409b2d40003f2f1d0ec0a80101c0a80102000086dd"
                  + "6000000000003b3ffd00000a000000000000000000000010fd00000b00000000000000000000"
                  + "0009"),
          captured(
              "gre-key",
              206,
              "gre local 192.168.1.1 remote 192.168.1.2 key 0x0a0b0c0d",
              InnerType.IPV4,
              Direction.TRANSMIT,
              34,
              8,
              "020000000012020000000011080045000035c95740003f2feeeec0a80101c0a8010220000800"
                  + "0a0b0c0d45000019303600b53f11802ec0a8000a0a0000092e353c434a"),
          captured(
              "gre-key-csum-seq",
              69,
              "gre local 192.168.1.1 remote 192.168.1.2 key 77 csum seq",
              InnerType.IPV4,
              Direction.RECEIVE,
              34,
              16,
              "0200000000110200000000120800450000402b5340003f2f8ce8c0a80102c0a80101b0000800"
                  + "127800000000004d0000000f4500001c300e00003f1181080a000009c0a8000ac351c3850008"
                  + "ae4b"),
          captured(
              "gre-key-csum-seq",
              238,
              "gre local 192.168.1.1 remote 192.168.1.2 key 77 csum seq",
              InnerType.IPV4,
              Direction.TRANSMIT,
              34,
              16,
              "02000000001202000000001108004500003d78bf40003f2f3f7fc0a80101c0a80102b0000800"
                  + "723900000000004d0000003f45000019303600b43f11802fc0a8000a0a0000098e959ca3aa"),
          captured(
              "gre-ikey-okey",
              159,
              "gre local 192.168.1.1 remote 192.168.1.2 ikey 111 okey 222",
              InnerType.IPV4,
              Direction.RECEIVE,
              34,
              8,
              "020000000011020000000012080045000038c88440003f2fefbec0a80102c0a8010120000800"
                  + "0000006f4500001c300e00003f1181080a000009c0a8000ac351c3850008ae4b"),
          captured(
              "gre-ikey-okey",
              206,
              "gre local 192.168.1.1 remote 192.168.1.2 ikey 111 okey 222",
              InnerType.IPV4,
              Direction.TRANSMIT,
              34,
              8,
              "020000000012020000000011080045000035559240003f2f62b4c0a80101c0a8010220000800"
                  + "000000de45000019303600b53f11802ec0a8000a0a0000092e353c434a"),
          captured(
              "gre-icsum",
              158,
              "gre local 192.168.1.1 remote 192.168.1.2 icsum",
              InnerType.IPV4,
              Direction.RECEIVE,
              34,
              8,
              "0200000000110200000000120800450000383ea540003f2f799ec0a80102c0a8010180000800"
                  + "42d400004500001c300e00003f1181080a000009c0a8000ac351c3850008ae4b"),
          captured(
              "gre-icsum",
              205,
              "gre local 192.168.1.1 remote 192.168.1.2 icsum",
              InnerType.IPV4,
              Direction.TRANSMIT,
              34,
              4,
              "02000000001202000000001108004500002d7a2440003f2f3e2ac0a80101c0a8010200000800"
                  + "45000015303600b63f118031c0a8000a0a0000099a"),
          captured(
              "gre-ocsum",
              158,
              "gre local 192.168.1.1 remote 192.168.1.2 ocsum",
              InnerType.IPV4,
              Direction.RECEIVE,
              34,
              4,
              "0200000000110200000000120800450000344ed540003f2f6972c0a80102c0a8010100000800"
                  + "4500001c300e00003f1181080a000009c0a8000ac351c3850008ae4b"),
          captured(
              "gre-ocsum",
              205,
              "gre local 192.168.1.1 remote 192.168.1.2 ocsum",
              InnerType.IPV4,
              Direction.TRANSMIT,
              34,
              8,
              "0200000000120200000000110800450000355d7e40003f2f5ac8c0a80101c0a8010280000800"
                  + "c386000045000019303600b53f11802ec0a8000a0a0000092e353c434a"),
          captured(
              "gre-csum",
              64,
              "gre local 192.168.1.1 remote 192.168.1.2 csum",
              InnerType.IPV6,
              Direction.TRANSMIT,
              34,
              8,
              "02000000001202000000001108004500004ce14340003f2fd6ebc0a80101c0a80102800086dd"
                  + "87f30000600000000008113ffd00000a000000000000000000000010fd00000b000000000000"
                  + "000000000009c351c38500087ed7"),
          captured(
              "gretap",
              364,
              "gretap local 192.168.1.1 remote 192.168.1.2",
              InnerType.ETHERNET,
              Direction.RECEIVE,
              34,
              4,
              "020000000011020000000012080045000042a13040003f2f1709c0a80102c0a8010100006558"
                  + "02000000002102000000002208004500001c300e00003f1181080a000009c0a8000ac351c385"
                  + "0008ae4b"),
          captured(
              "gretap",
              64,
              "gretap local 192.168.1.1 remote 192.168.1.2",
              InnerType.ETHERNET,
              Direction.TRANSMIT,
              34,
              4,
              "02000000001202000000001108004500003a7eeb40003f2f3956c0a80101c0a8010200006558"
                  + "020000000022020000000021080045000014430400003fff6d2cc0a8000a0a000009"),
          captured(
              "gretap-key-csum-seq",
              69,
              "gretap local 192.168.1.1 remote 192.168.1.2 key 77 csum seq",
              InnerType.ETHERNET,
              Direction.RECEIVE,
              34,
              16,
              "02000000001102000000001208004500004e12ba40003f2fa573c0a80102c0a80101b0006558"
                  + "a8d800000000004d0000001302000000002102000000002208004500001c300e00003f118108"
                  + "0a000009c0a8000ac351c3850008ae4b"),
          captured(
              "gretap-key-csum-seq",
              248,
              "gretap local 192.168.1.1 remote 192.168.1.2 key 77 csum seq",
              InnerType.ETHERNET,
              Direction.TRANSMIT,
              34,
              16,
              "02000000001202000000001108004500004d8fd940003f2f2855c0a80101c0a80102b0006558"
                  + "e85a00000000004d0000004302000000002202000000002108004500001b303600b23f11802f"
                  + "c0a8000a0a000009686f767d848b92"),
          captured(
              "ip6gre-inherit",
              274,
              "ip6gre local fd00:1::1 remote fd00:1::2 encaplimit none",
              InnerType.IPV6,
              Direction.RECEIVE,
              54,
              4,
              "02000000001102000000001286dd6000000000342f21fd000001000000000000000000000002"
                  + "fd000001000000000000000000000001000086dd600000000008113ffd00000b000000000000"
                  + "000000000009fd00000a000000000000000000000010c351c38500087ed7"),
          captured(
              "ip6gre-inherit",
              308,
              "ip6gre local fd00:1::1 remote fd00:1::2 encaplimit none",
              InnerType.IPV4,
              Direction.TRANSMIT,
              54,
              4,
              "02000000001202000000001186dd60000000001d2f21fd000001000000000000000000000001"
                  + "fd0000010000000000000000000000020000080045000019303600b33f118030c0a8000a0a00"
                  + "0009eef5fc030a"),
          captured(
              "ip6gre-inherit",
              64,
              "ip6gre local fd00:1::1 remote fd00:1::2 encaplimit none",
              InnerType.IPV6,
              Direction.TRANSMIT,
              54,
              4,
              "02000000001202000000001186dd6000000000342f21fd000001000000000000000000000001"
                  + "fd000001000000000000000000000002000086dd600000000008113ffd00000a000000000000"
                  + "000000000010fd00000b000000000000000000000009c351c38500087ed7"),
          captured(
              "ip6gre-key-csum-seq",
              106,
              "ip6gre local fd00:1::1 remote fd00:1::2 key 77 csum seq encaplimit none",
              InnerType.IPV4,
              Direction.RECEIVE,
              54,
              16,
              "02000000001102000000001286dd60000000002c2f40fd000001000000000000000000000002"
                  + "fd000001000000000000000000000001b0000800127700000000004d000000104500001c300e"
                  + "00003f1181080a000009c0a8000ac351c3850008ae4b"),
          captured(
              "ip6gre-key-csum-seq",
              342,
              "ip6gre local fd00:1::1 remote fd00:1::2 key 77 csum seq encaplimit none",
              InnerType.IPV4,
              Direction.TRANSMIT,
              54,
              16,
              "02000000001202000000001186dd6000000000252f40fd000001000000000000000000000001"
                  + "fd000001000000000000000000000002b00008002d4c00000000004d00000066450000153036"
                  + "00b23f118035c0a8000a0a0000091a"));

  private GreFrames() {}

  /**
   * A captured frame.
   *
   * @param capture name of the golden scenario; the frame is in its outer.pcap
   * @param number the frame's number, from 1
   * @param device the router's device, in words of the scenario language
   * @param at offset of the shim
   */
  private static GoldenVector captured(
      String capture,
      int number,
      String device,
      InnerType inner,
      Direction direction,
      int at,
      int shimLength,
      String frame) {
    GoldenVector vector =
        GoldenVector.inFrame(
            "Linux 6.1, " + capture + ", outer.pcap frame " + number,
            new Sample(GreFixture.settings(device), inner),
            HexFormat.of().parseHex(frame),
            at,
            shimLength);
    return direction == Direction.TRANSMIT ? vector : vector.received();
  }
}
