package io.culvert.encap.vxlan;

import io.culvert.spi.Direction;
import io.culvert.spi.InnerType;
import io.culvert.spi.Sample;
import io.culvert.testkit.law.GoldenVector;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.HexFormat;

/**
 * Frames that a Linux 6.1 kernel sent into its VXLAN tunnels, and that its peer, of the same
 * kernel, sent back: whole frames of the golden captures, as they stood on the wire between the
 * two.
 */
final class VxlanFrames {
  static final Seq<GoldenVector> ALL =
      List.of(
          captured(
              "vxlan-noudpcsum",
              350,
              "vxlan local 192.168.1.1 remote 192.168.1.2 id 100 dstport 4789",
              InnerType.ETHERNET,
              Direction.RECEIVE,
              42,
              8,
              "02000000001102000000001208004500004ed824000040111f27c0a80102c0a801019c4012b5"
                  + "003a0000080000000000640002000000002102000000002208004500001c300e00003f118108"
                  + "0a000009c0a8000ac351c3850008ae4b"),
          captured(
              "vxlan-noudpcsum",
              65,
              "vxlan local 192.168.1.1 remote 192.168.1.2 id 100 dstport 4789",
              InnerType.ETHERNET,
              Direction.TRANSMIT,
              42,
              8,
              "0200000000120200000000110800450000463c9000004011bac3c0a80101c0a801029c4012b5"
                  + "003200000800000000006400020000000022020000000021080045000014430400003fff6d2c"
                  + "c0a8000a0a000009"),
          captured(
              "vxlan-dev-vni-ffffff",
              153,
              "vxlan local 192.168.1.1 remote 192.168.1.2 id 16777215 dev eth1 dstport 8472",
              InnerType.ETHERNET,
              Direction.RECEIVE,
              42,
              8,
              "02000000001102000000001208004500004ec3f9000040113352c0a80102c0a801019c402118"
                  + "003a765e08000000ffffff0002000000002102000000002208004500001c300e00003f118108"
                  + "0a000009c0a8000ac351c3850008ae4b"),
          captured(
              "vxlan-dev-vni-ffffff",
              200,
              "vxlan local 192.168.1.1 remote 192.168.1.2 id 16777215 dev eth1 dstport 8472",
              InnerType.ETHERNET,
              Direction.TRANSMIT,
              42,
              8,
              "02000000001202000000001108004500004dee3100004011091bc0a80101c0a801029c402118"
                  + "0039b61208000000ffffff0002000000002202000000002108004500001b303600b23f11802f"
                  + "c0a8000a0a000009686f767d848b92"),
          captured(
              "vxlan-v6",
              212,
              "vxlan local fd00:1::1 remote fd00:1::2 id 100 dstport 4789",
              InnerType.ETHERNET,
              Direction.RECEIVE,
              62,
              8,
              "02000000001102000000001286dd60000000003a1140fd000001000000000000000000000002"
                  + "fd0000010000000000000000000000019c4012b5003aa90f0800000000006400020000000021"
                  + "02000000002208004500001c300e00003f1181080a000009c0a8000ac351c3850008ae4b"),
          captured(
              "vxlan-v6",
              13,
              "vxlan local fd00:1::1 remote fd00:1::2 id 100 dstport 4789",
              InnerType.ETHERNET,
              Direction.TRANSMIT,
              62,
              8,
              "02000000001202000000001186dd60000000003a1140fd000001000000000000000000000001"
                  + "fd0000010000000000000000000000029c4012b5003aa90f0800000000006400020000000022"
                  + "02000000002108004500001c300e00003f118108c0a8000a0a000009c351c3850008ae4b"),
          captured(
              "vxlan-inner-vlan",
              153,
              "vxlan local 192.168.1.1 remote 192.168.1.2 id 100 dstport 4789",
              InnerType.ETHERNET,
              Direction.RECEIVE,
              42,
              8,
              "020000000011020000000012080045000052d736000040112011c0a80102c0a801019c4012b5"
                  + "003e000008000000000064000200000000210200000000228100000708004500001c300e0000"
                  + "3f1181080a000009c0a8000ac351c3850008ae4b"),
          captured(
              "vxlan-inner-vlan",
              14,
              "vxlan local 192.168.1.1 remote 192.168.1.2 id 100 dstport 4789",
              InnerType.ETHERNET,
              Direction.TRANSMIT,
              42,
              8,
              "02000000001202000000001108004500005262560000401194f1c0a80101c0a801029c4012b5"
                  + "003e000008000000000064000200000000220200000000218100000708004500001c300e0000"
                  + "3f118108c0a8000a0a000009c351c3850008ae4b"));

  private VxlanFrames() {}

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
            new Sample(VxlanFixture.settings(device), inner),
            HexFormat.of().parseHex(frame),
            at,
            shimLength);
    return direction == Direction.TRANSMIT ? vector : vector.received();
  }
}
