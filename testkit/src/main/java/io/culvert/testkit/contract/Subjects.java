package io.culvert.testkit.contract;

import io.culvert.spi.Direction;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.InnerType;
import io.culvert.spi.Sample;
import io.culvert.testkit.gen.SettingsArbitraries;
import io.culvert.testkit.law.EncapSubject;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.testkit.law.ShimBits;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.culvert.wire.MacAddress;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generates layers of a provider, packets for them, and what a network makes of those. */
final class Subjects {
  private static final int MOST_PAYLOAD = 1500;

  private Subjects() {}

  /** Samples that the provider works with, most of them with settings changed at random. */
  static Arbitrary<Sample> samples(EncapProvider provider, Seq<Sample> samples) {
    return SettingsArbitraries.near(provider, samples)
        .filter(sample ->
            new EncapSubject(provider, sample.settings(), sample.inner()).layer().isRight());
  }

  static Arbitrary<Packet> packets(
      EncapProvider provider, Seq<Sample> samples, Function<Sample, ShimBits> bits) {
    Arbitrary<EncapSubject> subjects =
        Combinators.combine(samples(provider, samples), Arbitraries.of(Direction.class))
            .as((sample, direction) ->
                EncapSubject.of(provider, sample, direction, bits.apply(sample)));
    return subjects.flatMap(
        subject -> payloads(subject.inner()).map(bytes -> new Packet(subject, bytes)));
  }

  /** Inner packets of a type, of any length, with any bits where a sender is free. */
  static Arbitrary<byte[]> payloads(InnerType type) {
    Arbitrary<Integer> lengths =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.integers().between(0, 40)),
            Tuple.of(1, Arbitraries.integers().between(41, MOST_PAYLOAD)));
    Arbitrary<Integer> bytes = Arbitraries.integers().between(0, 255);
    return Combinators.combine(lengths, bytes, bytes, bytes)
        .as((length, tos, ttl, seed) -> {
          byte[] body = PlainFrames.udp(seed, seed + 1, seed, PlainFrames.pattern(length));
          var fields = new PlainFrames.Ip(tos, ttl, seed % 2 == 0 ? 0x4000 : 0, seed * 257);
          return packet(type, fields, body);
        });
  }

  private static byte[] packet(InnerType type, PlainFrames.Ip fields, byte[] body) {
    byte[] ipv4 =
        PlainFrames.ip(
            fields,
            new Ipv4Address(0x0a000001),
            new Ipv4Address(0xc0a80a0a),
            PlainFrames.UDP,
            body);
    if (type.equals(InnerType.IPV4)) {
      return ipv4;
    }
    if (type.equals(InnerType.IPV6)) {
      return PlainFrames.ip(
          fields,
          Ipv6Address.parse("2001:db8::1").get(),
          Ipv6Address.parse("2001:db8::2").get(),
          PlainFrames.UDP,
          body);
    }
    return type.equals(InnerType.ETHERNET)
        ? PlainFrames.ethernet(
            new MacAddress(0x02_00_00_00_00_01L),
            new MacAddress(0x02_00_00_00_00_02L),
            0x0800,
            ipv4)
        : body;
  }

  /** What comes in: a packet as it was pushed, with bits turned over, cut, longer, or anything. */
  static Arbitrary<Received> received(Arbitrary<Packet> packets) {
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(80);
    Arbitrary<Integer> kinds = Arbitraries.integers().between(0, 5);
    Arbitrary<Integer> places = Arbitraries.integers().between(0, 1 << 20);
    return Combinators.combine(packets, noise, kinds, places)
        .as((packet, random, kind, place) ->
            new Received(packet.subject(), damaged(packet, random, kind, place)));
  }

  private static byte[] damaged(Packet packet, byte[] noise, int kind, int place) {
    if (kind == 0) {
      return noise;
    }
    byte[] pushed =
        packet.subject().layer().map(layer -> layer.push(packet.payload())).getOrElse(noise);
    int front = Math.min(pushed.length, 24);
    return switch (kind) {
      case 1 -> pushed;
      case 2 -> Arrays.copyOf(pushed, place % (front + 1));
      case 3 -> Arrays.copyOf(pushed, pushed.length + 1 + place % 60);
      default -> flipped(pushed, front, place, kind - 3);
    };
  }

  private static byte[] flipped(byte[] bytes, int front, int place, int times) {
    byte[] copy = bytes.clone();
    for (int i = 0, bit = place; i < times && front > 0; i++, bit = bit * 31 + 7) {
      int at = Math.floorMod(bit, 8 * front);
      copy[at / 8] ^= (byte) (0x80 >>> at % 8);
    }
    return copy;
  }

  /** Inner types: the usual ones, and others. */
  static Arbitrary<InnerType> innerTypes() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            InnerType.IPV4,
            InnerType.IPV6,
            InnerType.ETHERNET,
            new InnerType(InnerType.ETHERTYPE, 0x8847),
            new InnerType(InnerType.ETHERTYPE, 0x8100),
            new InnerType(InnerType.LINK, 9)),
        Combinators.combine(
                Arbitraries.integers().between(1, 255), Arbitraries.integers().between(0, 0xffff))
            .as(InnerType::new));
  }
}
