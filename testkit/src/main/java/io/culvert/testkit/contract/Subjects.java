package io.culvert.testkit.contract;

import io.culvert.spi.Direction;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.InnerType;
import io.culvert.spi.Sample;
import io.culvert.testkit.gen.Once;
import io.culvert.testkit.gen.SettingsArbitraries;
import io.culvert.testkit.law.EncapSubject;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.testkit.law.ShimBits;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generates layers of a provider, packets for them, and what a network makes of those. */
final class Subjects {
  private static final int MOST_PAYLOAD = 1500;
  private static final int LEAST_ETHERTYPE = 0x0600;

  private Subjects() {}

  /** Samples that the provider works with, most of them with settings changed at random. */
  static Arbitrary<Sample> samples(EncapProvider provider, Seq<Sample> samples) {
    Arbitrary<Option<InnerType>> others =
        Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.just(Option.none())),
            Tuple.of(1, etherTypes().map(Option::some)));
    return Once.of(
        Combinators.combine(SettingsArbitraries.near(provider, samples), Once.of(others))
            .as((sample, other) -> carrying(provider, sample, other))
            .filter(sample ->
                new EncapSubject(provider, sample.settings(), sample.inner()).layer().isRight()));
  }

  /** The sample with another EtherType inside, if its provider carries all of them. */
  private static Sample carrying(EncapProvider provider, Sample sample, Option<InnerType> other) {
    boolean carriesAny =
        sample.inner().namespace() == InnerType.ETHERTYPE
            && provider.capabilities().exists(c -> c.inner().equals(InnerType.ANY_ETHERTYPE));
    return carriesAny && other.isDefined() ? new Sample(sample.settings(), other.get()) : sample;
  }

  /** EtherTypes: those of tags and tunnels more often than others. */
  private static Arbitrary<InnerType> etherTypes() {
    return Arbitraries.oneOf(
            Arbitraries.of(0x8100, 0x88a8, 0x9100, 0x8863, 0x8864, 0x0806, 0x8847, 0x88cc),
            Arbitraries.integers().between(LEAST_ETHERTYPE, 0xffff))
        .map(number -> new InnerType(InnerType.ETHERTYPE, number));
  }

  /** One layer for each link type, carrier and layout of the shim among the samples. */
  static Seq<EncapSubject> forms(
      EncapProvider provider, Seq<Sample> samples, BiFunction<Sample, Direction, ShimBits> bits) {
    return List.of(Direction.values())
        .flatMap(direction -> each(provider, samples, direction, bits))
        .distinctBy(subject ->
            io.vavr.Tuple.of(
                subject.settings().linkType(),
                subject.layer().map(layer -> layer.tuple().carrier()).getOrNull(),
                subject.bits().toString()));
  }

  /** The layer of every sample in a direction. */
  static Seq<EncapSubject> each(
      EncapProvider provider,
      Seq<Sample> samples,
      Direction direction,
      BiFunction<Sample, Direction, ShimBits> bits) {
    return samples.map(
        sample -> EncapSubject.of(provider, sample, direction, bits.apply(sample, direction)));
  }

  /** Length fields: right ones are rare, those around the length of a header are not. */
  static Arbitrary<Integer> lengths() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(0, 80),
        Arbitraries.integers().between(0, MOST_PAYLOAD + 80),
        Arbitraries.integers().between(0, 0xffff));
  }

  static Arbitrary<Packet> packets(
      EncapProvider provider, Seq<Sample> samples, BiFunction<Sample, Direction, ShimBits> bits) {
    Arbitrary<EncapSubject> subjects =
        Combinators.combine(samples(provider, samples), Arbitraries.of(Direction.class))
            .as((sample, direction) ->
                EncapSubject.of(provider, sample, direction, bits.apply(sample, direction)));
    // The payload's bytes follow from the subject: a generator for each would not be known again.
    return Once.of(
        Combinators.combine(subjects, payloads())
            .as((subject, payload) -> new Packet(subject, payload.of(subject.inner()))));
  }

  /** A short inner packet of a type. */
  static byte[] payload(InnerType type) {
    return packet(
        type, PlainFrames.Ip.ttl(64), PlainFrames.udp(1000, 2000, 0, PlainFrames.pattern(33)));
  }

  /** An inner packet, whatever its type. */
  private record Payload(int length, int tos, int ttl, int seed) {
    byte[] of(InnerType type) {
      byte[] body = PlainFrames.udp(seed, seed + 1, seed, PlainFrames.pattern(length));
      var fields = new PlainFrames.Ip(tos, ttl, seed % 2 == 0 ? 0x4000 : 0, seed * 257);
      return packet(type, fields, body);
    }
  }

  /** Inner packets of any length, with any bits where a sender is free. */
  private static Arbitrary<Payload> payloads() {
    Arbitrary<Integer> lengths =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.integers().between(0, 40)),
            Tuple.of(1, Arbitraries.integers().between(41, MOST_PAYLOAD)));
    Arbitrary<Integer> bytes = Arbitraries.integers().between(0, 255);
    return Once.of(Combinators.combine(lengths, bytes, bytes, bytes).as(Payload::new));
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
            // Not IP every time: a bridge carries what it is given.
            fields.id() % 4 == 1 ? 0x8100 : 0x0800,
            ipv4)
        : body;
  }

  /** What comes in: a packet as it was pushed, with bits turned over, cut, longer, or anything. */
  static Arbitrary<Received> received(Arbitrary<Packet> packets) {
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(80);
    Arbitrary<Integer> kinds = Arbitraries.integers().between(0, 5);
    Arbitrary<Integer> places = Arbitraries.integers().between(0, 1 << 20);
    return Once.of(
        Combinators.combine(packets, noise, kinds, places)
            .as((packet, random, kind, place) ->
                new Received(packet.subject(), damaged(packet, random, kind, place))));
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
