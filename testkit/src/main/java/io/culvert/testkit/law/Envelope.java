package io.culvert.testkit.law;

import io.culvert.spi.Carrier;
import io.culvert.spi.InnerType;
import io.culvert.spi.Patch;
import io.culvert.testkit.law.StackHeaders.Part;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;

/**
 * Where the headers of a stack stand in its frames. Makes lengths and sums right again after a
 * change, on plain byte arrays; shares no code with the packet path.
 *
 * @param places the layers, outermost first
 * @param inner offset of the hosts' packet
 */
record Envelope(Seq<Place> places, int inner) {
  private static final int UDP_HEADER = 8;

  /**
   * Where a layer stands.
   *
   * @param part the layer
   * @param ethernet offset of the last Ethernet header in front
   * @param front offset of the carrier's headers
   */
  record Place(Part part, int ethernet, int front) {
    int shim() {
      return front + part.front();
    }

    boolean isIp() {
      return !(part.carrier() instanceof Carrier.EtherTypeCarrier);
    }

    boolean isV4() {
      return part.announcedBy().equals(InnerType.IPV4);
    }

    /** Bytes of the IP header. */
    int ipHeader() {
      return (isV4() ? IpFamily.V4 : IpFamily.V6).headerLength();
    }

    boolean isUdp() {
      return part.carrier() instanceof Carrier.UdpPortCarrier;
    }

    int udp() {
      return shim() - UDP_HEADER;
    }

    /** Offsets of the fields that count bytes to the end of the packet. */
    Seq<Integer> lengths() {
      Seq<Integer> fields =
          part.shim()
              .patches()
              .filter(Patch.Length.class::isInstance)
              .map(patch -> shim() + patch.at());
      fields = isUdp() ? fields.prepend(udp() + 4) : fields;
      return isIp() ? fields.prepend(front + (isV4() ? 2 : 4)) : fields;
    }

    /** Offset of a field of the shim's own that covers the rest of the packet. */
    Seq<Integer> checksums() {
      return part.shim()
          .patches()
          .filter(Patch.Checksum.class::isInstance)
          .map(patch -> shim() + patch.at());
    }
  }

  /** Frames under these headers. */
  static Envelope of(StackHeaders headers) {
    List<Place> places = List.empty();
    int ethernet = 0;
    int at = PlainFrames.ETHERNET;
    for (Part part : headers.parts()) {
      places = places.append(new Place(part, ethernet, at));
      at += part.length();
      ethernet = part.hasEthernet() ? at - PlainFrames.ETHERNET : ethernet;
    }
    return new Envelope(places, at);
  }

  int depth() {
    return places.size();
  }

  /** Adds to the length fields of the layers {@code [0, to)}. */
  void lengthen(byte[] frame, int to, int by) {
    places
        .take(to)
        .flatMap(Place::lengths)
        .forEach(at -> PlainFrames.put16(frame, at, PlainFrames.u16(frame, at) + by));
  }

  /** Makes the sums of the layers {@code [0, to)} right, from the inside out. */
  void seal(byte[] frame, int to) {
    for (Place place : places.take(to).reverse()) {
      for (Patch patch : place.part().shim().patches()) {
        if (patch instanceof Patch.Checksum(int at, int start)) {
          PlainFrames.put16(frame, place.shim() + at, 0);
          int sum = PlainPatches.sum(frame, place.shim() + start);
          PlainFrames.put16(frame, place.shim() + at, 0xffff - sum);
        }
      }
      if (place.isUdp() && PlainFrames.u16(frame, place.udp() + 6) != 0) {
        PlainFrames.put16(frame, place.udp() + 6, udpChecksum(frame, place));
      }
      if (place.isIp() && place.isV4()) {
        PlainFrames.fixHeaderChecksum(frame, place.front());
      }
    }
  }

  /** The right checksum of a layer's UDP header, never 0 (RFC 768). */
  static int udpChecksum(byte[] frame, Place place) {
    int field = place.udp() + 6;
    int old = PlainFrames.u16(frame, field);
    PlainFrames.put16(frame, field, 0);
    // The addresses end the IP header, directly in front: one sum over both.
    int addresses = place.isV4() ? 8 : 32;
    int sum =
        PlainPatches.sum(frame, place.udp() - addresses)
            + PlainFrames.UDP
            + (frame.length - place.udp());
    PlainFrames.put16(frame, field, old);
    int right = 0xffff - (sum - 1) % 0xffff - 1;
    return right == 0 ? 0xffff : right;
  }
}
