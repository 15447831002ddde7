package io.culvert.testkit.law;

import io.culvert.spi.Carrier;
import io.culvert.spi.RxCheck;
import io.culvert.testkit.law.Envelope.Place;
import io.culvert.testkit.law.ShimBits.Kind;
import io.culvert.testkit.law.StackHeaders.Part;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;

/**
 * Damages a frame of a peer in one way at a time, in each of its layers. What covers the damaged
 * bytes from outside is made right again, so that only the check that is meant can find it.
 */
final class Damages {
  /** Bits of one kind in a layer: some of each, not all. */
  private static final int BITS = 6;

  /** Checksums that are not 0, each of another sum. */
  private static final int SUMS = 0xffff;

  private final byte[] good;
  private final Envelope envelope;
  private final Seq<Part> awaited;
  private final Seq<Option<ShimBits>> bits;
  private final Random random;
  private final ArrayList<Damaged> made = new ArrayList<>();

  /**
   * A damaged frame.
   *
   * @param what what was done to it
   * @param frame its bytes
   * @param isSure true if it must not be fast, whatever the slow path makes of it
   */
  @SuppressWarnings("ArrayRecordComponent") // A carrier of bytes; never compared.
  record Damaged(String what, byte[] frame, boolean isSure) {}

  /**
   * Damages of a frame.
   *
   * @param good a frame that fits
   * @param envelope where its headers stand
   * @param awaited the layers as the receiver awaits them
   * @param bits what each bit of their shims is for, where that was stated
   * @param random chooses
   */
  Damages(
      byte[] good,
      Envelope envelope,
      Seq<Part> awaited,
      Seq<Option<ShimBits>> bits,
      Random random) {
    this.good = good;
    this.envelope = envelope;
    this.awaited = awaited;
    this.bits = bits;
    this.random = random;
  }

  /** Some of all kinds of damage, in any order. */
  Seq<Damaged> some(int most) {
    flip("destination MAC address", -1, anyBit(0, 6), 0);
    tails();
    hosts();
    for (int i = 0; i < envelope.depth(); i++) {
      Place place = envelope.places().get(i);
      shim(i, place);
      ends(i, place);
      checksums(i, place);
      for (int field : place.lengths()) {
        length(i, field, 1);
        length(i, field, -1);
      }
      if (place.isIp()) {
        ip(i, place);
      }
    }
    Collections.shuffle(made, random);
    return List.ofAll(made).take(most);
  }

  private void add(String what, int layer, byte[] frame, boolean isSure) {
    made.add(new Damaged(what + (layer < 0 ? "" : " of layer " + layer), frame, isSure));
  }

  /** Turns a bit over, and makes the sums of some layers right: all that must not find it. */
  private void flip(String what, int layer, int bit, int sealed) {
    byte[] frame = ShimBits.flip(good, bit);
    envelope.seal(frame, sealed);
    add("bit " + bit % 8 + " of byte " + bit / 8 + ", " + what, layer, frame, true);
  }

  private int anyBit(int at, int bytes) {
    return 8 * at + random.nextInt(8 * bytes);
  }

  /**
   * Cut off: anywhere, and with all lengths in front of a layer, or of the packet, as they were.
   */
  private void tails() {
    add("cut off", -1, Arrays.copyOf(good, random.nextInt(good.length)), true);
    for (int i = 0; i <= envelope.depth(); i++) {
      int cut = 1 + random.nextInt(good.length - envelope.inner());
      byte[] frame = Arrays.copyOf(good, good.length - cut);
      envelope.lengthen(frame, i, -cut);
      envelope.seal(frame, envelope.depth());
      add(cut + " bytes cut off inside of " + i + " layers", -1, frame, true);
    }
  }

  /** Bits that a test states, or that the receiver asks for. */
  private void shim(int i, Place place) {
    for (Kind kind : List.of(Kind.GUARD, Kind.IDENTITY, Kind.FORM, Kind.TYPE)) {
      Seq<Integer> all =
          bits.get(i)
              .filter(layout -> layout.length() == place.part().shim().length())
              .map(layout -> layout.bits(kind))
              .getOrElse(List.empty());
      choose(all).forEach(bit -> flip(kind + " bit", i, 8 * place.shim() + bit, i + 1));
    }
    for (RxCheck check : awaited.get(i).shim().checks()) {
      if (check instanceof RxCheck.Bits(int at, long mask, long _)) {
        Seq<Integer> all = List.range(0, 64).filter(bit -> (mask >>> (63 - bit) & 1) != 0);
        choose(all).forEach(bit -> flip(check.toString(), i, 8 * (place.shim() + at) + bit, i + 1));
      }
    }
  }

  private Seq<Integer> choose(Seq<Integer> all) {
    ArrayList<Integer> shuffled = new ArrayList<>(all.asJava());
    Collections.shuffle(shuffled, random);
    return List.ofAll(shuffled).take(BITS);
  }

  /** Another peer, or another receiver. */
  private void ends(int i, Place place) {
    if (place.part().carrier() instanceof Carrier.EtherTypeCarrier(int _, boolean byPeer)
        && byPeer) {
      flip("source MAC address", i, anyBit(place.ethernet() + 6, 6), i);
    }
    if (place.part().hasEthernet()) {
      int ethernet = place.shim() + place.part().shim().length();
      flip("destination MAC address inside", i, anyBit(ethernet, 6), i + 1);
    }
    if (place.isIp()) {
      int length = place.isV4() ? 4 : 16;
      int addresses = place.front() + place.ipHeader() - 2 * length;
      flip("source address", i, anyBit(addresses, length), i + 1);
      flip("destination address", i, anyBit(addresses + length, length), i + 1);
    }
    if (place.isUdp()) {
      flip("destination port", i, anyBit(place.udp() + 2, 2), i + 1);
    }
  }

  /** Sums that are wrong, or cover another payload, or are missing. */
  private void checksums(int i, Place place) {
    boolean isChecked = awaited.get(i).shim().checks().exists(RxCheck.Checksum.class::isInstance);
    for (int field : place.checksums()) {
      byte[] frame = ShimBits.flip(good, anyBit(field, 2));
      envelope.seal(frame, i);
      add("checksum of the shim", i, frame, isChecked);
      otherPayload("payload under the shim's checksum", i, isChecked);
    }
    if (!place.isUdp()) {
      return;
    }
    int field = place.udp() + 6;
    boolean hasSum = PlainFrames.u16(good, field) != 0;
    int right = Envelope.udpChecksum(good, place);
    int wrong = 1 + (right + random.nextInt(SUMS - 1)) % SUMS;
    // One that is there is judged, also where none would do.
    add("UDP checksum", i, withUdpChecksum(i, field, wrong), true);
    if (hasSum) {
      otherPayload("payload under the UDP checksum", i, true);
      // Over IPv4 none is always legal (RFC 768).
      boolean isWanted = !awaited.get(i).policy().udp().zeroAccepted();
      if (isWanted || !place.isV4()) {
        add("no UDP checksum", i, withUdpChecksum(i, field, 0), isWanted);
      }
    }
  }

  private byte[] withUdpChecksum(int i, int field, int value) {
    byte[] frame = good.clone();
    PlainFrames.put16(frame, field, value);
    envelope.seal(frame, i);
    return frame;
  }

  /**
   * A bit of what the hosts sent is another one, and layers in front were told. Those behind were
   * not: a sum that covers another right one covers the same again.
   */
  private void otherPayload(String what, int i, boolean isSure) {
    int ip = envelope.inner();
    int payload = ip + (good[ip] >> 4 == 4 ? PlainFrames.IPV4 : PlainFrames.IPV6) + 8;
    if (payload < good.length) {
      byte[] frame = ShimBits.flip(good, anyBit(payload, good.length - payload));
      envelope.seal(frame, i);
      add(what, i, frame, isSure);
    }
  }

  private void length(int i, int field, int by) {
    byte[] frame = good.clone();
    PlainFrames.put16(frame, field, PlainFrames.u16(frame, field) + by);
    envelope.seal(frame, i + 1);
    add("length at " + field + (by < 0 ? " one less" : " one more"), i, frame, true);
  }

  /** Fields of the outer IP header that no fast path takes as anything else. */
  private void ip(int i, Place place) {
    int ip = place.front();
    flip("IP version", i, version(ip), i + 1);
    flip("protocol", i, anyBit(ip + (place.isV4() ? 9 : 6), 1), i + 1);
    if (place.isV4()) {
      flip("IPv4 header checksum", i, anyBit(ip + 10, 2), i);
      flip("fragments", i, 8 * (ip + 6) + 2 + random.nextInt(14), i + 1);
    }
  }

  /** The hosts' packet, which is no packet of the flow any more. */
  private void hosts() {
    int ip = envelope.inner();
    boolean isV4 = good[ip] >> 4 == 4;
    int address = isV4 ? 4 : 16;
    int ports = ip + (isV4 ? PlainFrames.IPV4 : PlainFrames.IPV6);
    inside("version", version(ip), true);
    inside("protocol", anyBit(ip + (isV4 ? 9 : 6), 1), true);
    inside("addresses", anyBit(ports - 2 * address, 2 * address), true);
    inside("ports", anyBit(ports, 4), true);
    if (isV4) {
      inside("header checksum", anyBit(ip + 10, 2), false);
      inside("fragments", 8 * (ip + 6) + 2 + random.nextInt(14), true);
    }
  }

  private void inside(String what, int bit, boolean isRepaired) {
    byte[] frame = ShimBits.flip(good, bit);
    if (isRepaired && good[envelope.inner()] >> 4 == 4) {
      PlainFrames.fixHeaderChecksum(frame, envelope.inner());
    }
    envelope.seal(frame, envelope.depth());
    add(
        "bit " + bit % 8 + " of byte " + bit / 8 + ", " + what + " of the hosts' packet",
        -1,
        frame,
        true);
  }

  private int version(int ip) {
    return 8 * ip + random.nextInt(4);
  }
}
