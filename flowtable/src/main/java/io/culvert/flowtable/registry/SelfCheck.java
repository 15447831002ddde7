package io.culvert.flowtable.registry;

import io.culvert.flowtable.registry.Rejection.SelfCheckFailed;
import io.culvert.spi.Direction;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapKey;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.spi.Patch;
import io.culvert.spi.Sample;
import io.culvert.spi.Shim;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The short check at admission: what a provider pushes it must match, with the same words, wherever
 * it lies; a shim cut short must be refused; nothing may be written. The test kit checks the rest.
 */
final class SelfCheck {
  private static final int PAYLOAD = 64;
  private static final int FRONT = 24;

  private SelfCheck() {}

  /** A sample's layer in one direction: transmit is what we send, receive what the peer does. */
  private record Way(EncapTuple tuple, Shim shim, Encap encap) {}

  /** The first thing wrong with a sample, if any. */
  static Option<Rejection> run(Guarded provider, Sample sample) {
    String name = sample.settings().linkType() + " carrying " + sample.inner();
    Either<Seq<EncapError>, Option<Rejection>> result =
        way(provider, sample, Direction.TRANSMIT)
            .flatMap(transmit ->
                way(provider, sample, Direction.RECEIVE)
                    .map(receive -> both(name, sample.inner(), transmit, receive)));
    return result.fold(
        errors ->
            Option.some(
                new SelfCheckFailed(
                    name, "set-up", errors.map(EncapError::message).mkString("; "))),
        found -> found);
  }

  private static Either<Seq<EncapError>, Way> way(
      Guarded provider, Sample sample, Direction direction) {
    return provider
        .tuple(sample.settings(), sample.inner(), direction)
        .flatMap(tuple ->
            provider
                .shim(tuple, sample.inner())
                .flatMap(shim ->
                    provider.encap(tuple.carrier()).map(encap -> new Way(tuple, shim, encap))));
  }

  /** Each direction with its own words and shim: they may differ, as with two keys. */
  private static Option<Rejection> both(String name, InnerType inner, Way transmit, Way receive) {
    return check(name, transmit.tuple(), transmit.shim(), transmit.encap(), inner)
        .orElse(() -> check(name, receive.tuple(), receive.shim(), receive.encap(), inner))
        .orElse(() -> mirror(name, transmit.tuple(), receive.tuple()));
  }

  private static Option<Rejection> mirror(String name, EncapTuple transmit, EncapTuple receive) {
    boolean isMirror =
        transmit.carrier().equals(receive.carrier())
            && transmit.addresses().map(EncapTuple.Addresses::reversed).equals(receive.addresses())
            && transmit.addresses().forAll(ends -> !ends.destination().isUnspecified())
            && transmit.device().equals(receive.device())
            && transmit.peer().equals(receive.peer());
    return isMirror
        ? Option.none()
        : failed(
            name,
            "mirror",
            "receive is not transmit with addresses exchanged, over the same carrier and device,"
                + " with the same peer, or the other end is open");
  }

  private static Option<Rejection> check(
      String name, EncapTuple tuple, Shim shim, Encap encap, InnerType inner) {
    try (Arena arena = Arena.ofConfined()) {
      byte[] packet = packet(shim, inner);
      int end = FRONT + packet.length;
      MemorySegment memory = arena.allocate(end + 16L);
      memory.fill((byte) 0xa5);
      MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, FRONT, packet.length);
      MemorySegment before = arena.allocate(memory.byteSize()).copyFrom(memory);
      EncapKey key = new EncapKey();
      long match = encap.match(memory, FRONT, end, key);
      long wanted = Match.hit(shim.length(), inner.namespace(), inner.number());
      if (match != wanted) {
        return failed(
            name,
            "match(push(t)) = t",
            "expected " + Match.describe(wanted) + ", got " + Match.describe(match));
      }
      if (!words(key).equals(tuple.words().mkString(","))) {
        return failed(
            name,
            "match(push(t)) = t",
            "expected words [" + tuple.words().mkString(",") + "], got [" + words(key) + "]");
      }
      for (int cut = 0; cut < shim.length(); cut++) {
        long short_ = encap.match(memory, FRONT, FRONT + cut, new EncapKey());
        if (Match.isHit(short_)) {
          return failed(
              name,
              "truncation",
              cut + " of " + shim.length() + " bytes gave " + Match.describe(short_));
        }
      }
      return memory.mismatch(before) < 0
          ? Option.none()
          : failed(
              name, "match reads only", "byte " + (memory.mismatch(before) - FRONT) + " changed");
    } catch (Throwable thrown) {
      return failed(name, "match", "it threw " + thrown);
    }
  }

  /** A shim with its lengths filled in, in front of a payload of the sample's kind. */
  private static byte[] packet(Shim shim, InnerType inner) {
    byte[] packet = new byte[shim.length() + PAYLOAD];
    System.arraycopy(shim.bytes(), 0, packet, 0, shim.length());
    int at = shim.length();
    if (inner.equals(InnerType.ETHERNET)) {
      // A unicast frame with an IPv4 packet.
      packet[at] = 0x02;
      packet[at + 12] = 0x08;
      at += 14;
    }
    boolean isV6 = inner.equals(InnerType.IPV6);
    packet[at] = (byte) (isV6 ? 0x60 : 0x45);
    // From 32.1.13.184 or 2001:db8:: on: a source that a provider has no reason to refuse.
    byte[] source = {0x20, 0x01, 0x0d, (byte) 0xb8};
    System.arraycopy(source, 0, packet, at + (isV6 ? 8 : 12), source.length);
    for (Patch patch : shim.patches()) {
      if (patch instanceof Patch.Length(int field, int from)) {
        int length = packet.length - from;
        packet[field] = (byte) (length >>> 8);
        packet[field + 1] = (byte) length;
      }
    }
    return packet;
  }

  private static String words(EncapKey key) {
    StringBuilder text = new StringBuilder();
    for (int word = 0; word < key.size(); word++) {
      text.append(word == 0 ? "" : ",").append(key.word(word));
    }
    return text.toString();
  }

  private static Option<Rejection> failed(String sample, String check, String why) {
    return Option.some(new SelfCheckFailed(sample, check, why));
  }
}
