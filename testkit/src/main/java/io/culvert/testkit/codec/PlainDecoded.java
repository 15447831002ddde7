package io.culvert.testkit.codec;

/** What a device makes of a payload that came in. */
public sealed interface PlainDecoded {

  /**
   * It is the device's, and this was in it.
   *
   * @param packet the packet, with its priority
   */
  record Packet(PlainPacket packet) implements PlainDecoded {}

  /**
   * It may be another device's: another key, VNI, VID or session.
   *
   * @param why what differs, for messages
   */
  record NotMine(String why) implements PlainDecoded {}

  /**
   * It is the device's, and is dropped.
   *
   * @param why what is wrong with it, for messages
   */
  record Refused(String why) implements PlainDecoded {}
}
