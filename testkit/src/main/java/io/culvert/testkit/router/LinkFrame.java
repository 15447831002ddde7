package io.culvert.testkit.router;

import io.culvert.testkit.codec.Octets;
import io.culvert.wire.MacAddress;
import io.vavr.collection.Seq;

/**
 * An Ethernet frame on its way down through devices.
 *
 * @param destination whom it goes to
 * @param source whom it comes from
 * @param type EtherType of the content
 * @param content what stands behind the type
 * @param own headers of the router in it, as offsets from the content's start
 */
@SuppressWarnings("ArrayRecordComponent") // A step of a computation, never compared.
record LinkFrame(
    MacAddress destination, MacAddress source, int type, byte[] content, Seq<OwnHeader> own) {
  static final int HEADER = 14;

  /** The frame as a whole. */
  byte[] bytes() {
    byte[] header = new byte[HEADER];
    Octets.putMac(header, 0, destination);
    Octets.putMac(header, 6, source);
    Octets.put16(header, 12, type);
    return Octets.join(header, content);
  }

  /** The headers of the router, as offsets from the frame's start. */
  Seq<OwnHeader> ownInFrame() {
    return own.map(header -> header.shifted(HEADER));
  }

  /** The same frame with a tag of another type in front of its content. */
  LinkFrame behind(int newType, byte[] newContent) {
    return new LinkFrame(
        destination,
        source,
        newType,
        newContent,
        own.map(header -> header.shifted(newContent.length - content.length)));
  }
}
