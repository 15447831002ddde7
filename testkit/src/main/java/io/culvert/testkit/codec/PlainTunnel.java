package io.culvert.testkit.codec;

import io.culvert.spi.Carrier;
import io.culvert.spi.InnerType;
import io.culvert.wire.IpAddress;
import io.culvert.wire.MacAddress;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * One virtual device of a {@link PlainCodec}: it makes and reads what stands behind its carrier's
 * header, and says how the router fills the headers in front of it. Ethernet frames inside are a
 * payload as any other; whose they are, the router decides. Whatever a protocol remembers, such as
 * sequence numbers, is state of this object. Not for several threads.
 */
public interface PlainTunnel {

  /** What announces its payload, each a way in; at least one. */
  Seq<Carrier> carriers();

  /** The outer IP header; none exactly if the carriers are EtherTypes. */
  default Option<PlainOuter> outer() {
    return Option.none();
  }

  /** The outer IP header of an inner packet, where the type makes a difference. */
  default PlainOuter outer(InnerType inner) {
    return outer().get();
  }

  /** The only station that it talks to, for a carrier by EtherType and by peer. */
  default Option<MacAddress> peer() {
    return Option.none();
  }

  /**
   * True if packets with these outer addresses may be its own. The destination is one of the
   * router's addresses in any case.
   */
  default boolean takes(IpAddress source, IpAddress destination) {
    return outer()
        .exists(o -> o.remote().equals(source) && o.local().forAll(l -> l.equals(destination)));
  }

  /**
   * What is wrong with a payload whichever device it belongs to: it is dropped before anybody asks.
   */
  default Option<String> illegal(PlainPayload payload) {
    return Option.none();
  }

  /** True if packets of this type may go in. */
  boolean carries(InnerType type);

  /**
   * True if a frame of another EtherType, from {@link #peer}, says that the session is over, as a
   * PADT does for PPPoE.
   *
   * @param content what stands behind the EtherType
   */
  default boolean isEndedBy(int etherType, byte[] content) {
    return false;
  }

  /**
   * Puts a packet in.
   *
   * @return what stands behind the carrier's header, or why the packet is dropped
   */
  Either<String, PlainPayload> encode(PlainPacket packet);

  /**
   * Where {@link #encode} puts an internet checksum over all that it returns, if it does: offset
   * from the payload's start. Frames are compared by it where what it covers is free.
   */
  default Option<Integer> checksumAt() {
    return Option.none();
  }

  /** Where {@link #encode} puts a sequence number of four bytes, if it does, from the start. */
  default Option<Integer> sequenceAt() {
    return Option.none();
  }

  /**
   * Takes sequence numbers from elsewhere from now on: those that a flow table and its slow path
   * share. A tunnel without any has nothing to do.
   */
  default void share(PlainSequences shared) {}

  /**
   * Takes a packet out.
   *
   * @param payload a payload that is not {@link #illegal}
   * @param priority the priority that came with it, which the packet has too unless the protocol
   *     says another
   */
  PlainDecoded decode(PlainPayload payload, PlainPriority priority);
}
