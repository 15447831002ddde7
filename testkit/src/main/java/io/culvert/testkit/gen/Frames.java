package io.culvert.testkit.gen;

import io.culvert.testkit.gen.FrameRecipe.Body;
import io.culvert.testkit.law.HostPacket;
import io.culvert.testkit.law.PlainFrames.Ip;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generates frames as a peer would make them. */
public final class Frames {
  private static final int ACK = 0x010;
  private static final int DF = 0x4000;
  private static final int EVIL = 0x8000;

  private Frames() {}

  /** Packets of a host, for the laws of stacks: any TOS, TTL 3..254, DF or not, any length. */
  public static Arbitrary<HostPacket> hostPackets() {
    Arbitrary<Integer> bytes =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.integers().between(0, 64)),
            Tuple.of(2, Arbitraries.integers().between(65, 1500)),
            Tuple.of(1, Arbitraries.integers().between(1501, 8000)));
    Arbitrary<Integer> padding =
        Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.just(0)), Tuple.of(1, Arbitraries.integers().between(1, 60)));
    return Once.of(
        Combinators.combine(
                ip(Arbitraries.integers().between(3, 254)),
                bytes,
                padding,
                Arbitraries.of(false, true))
            .as(HostPacket::new));
  }

  /** Header fields: all TOS bytes, so all ECN marks; evil bit; with and without DF. */
  private static Arbitrary<Ip> ip(Arbitrary<Integer> ttl) {
    Arbitrary<Integer> flags =
        Arbitraries.frequency(
            Tuple.of(6, DF), Tuple.of(3, 0), Tuple.of(1, EVIL), Tuple.of(1, EVIL | DF));
    return Combinators.combine(
            Arbitraries.integers().between(0, 255),
            ttl,
            flags,
            Arbitraries.integers().between(0, 0xffff))
        .as(Ip::new);
  }

  static Arbitrary<FrameRecipe> recipes() {
    Arbitrary<Integer> innerTtl =
        Arbitraries.frequencyOf(
            Tuple.of(10, Arbitraries.just(64)),
            Tuple.of(6, Arbitraries.integers().between(2, 255)),
            Tuple.of(1, Arbitraries.of(0, 1, 2, 255)));
    Arbitrary<Integer> outerTtl =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.just(64)), Tuple.of(1, Arbitraries.integers().between(0, 255)));
    Arbitrary<Boolean> isReply = Arbitraries.of(false, true);
    Arbitrary<Integer> trailing =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.just(0)),
            Tuple.of(3, Arbitraries.just(-1)),
            Tuple.of(2, Arbitraries.integers().between(1, 40)));
    return Combinators.combine(
            Arbitraries.integers().between(0, 11),
            isReply,
            ip(innerTtl),
            ip(outerTtl).list().ofMinSize(1).ofMaxSize(2),
            bodies(),
            trailing,
            damages())
        .as(FrameRecipe::new);
  }

  private static Arbitrary<Body> bodies() {
    Arbitrary<Integer> payload =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.integers().between(0, 60)),
            Tuple.of(2, Arbitraries.integers().between(61, 1472)));
    Arbitrary<Integer> fit =
        Arbitraries.frequencyOf(
            Tuple.of(12, Arbitraries.just(Body.NO_FIT)),
            Tuple.of(3, Arbitraries.of(-1, 0)),
            Tuple.of(1, Arbitraries.of(1, 2)));
    Arbitrary<Integer> bits =
        Arbitraries.frequencyOf(
            Tuple.of(12, Arbitraries.of(ACK, ACK | 0x008)),
            Tuple.of(2, Arbitraries.integers().between(0, 0xff).map(b -> ACK | b << 4 | 0x8)),
            Tuple.of(1, Arbitraries.integers().between(0, 0xfff)),
            Tuple.of(1, Arbitraries.of(0x002, 0x012, 0x011, 0x014)));
    Arbitrary<Integer> checksum =
        Arbitraries.frequency(
            Tuple.of(6, Body.RIGHT), Tuple.of(2, 0), Tuple.of(1, 0x1234), Tuple.of(1, 0xffff));
    return Combinators.combine(payload, fit, bits, checksum).as(Body::new);
  }

  /** Three frames of four have nothing wrong. */
  private static Arbitrary<Damage> damages() {
    Arbitrary<Damage> some =
        Combinators.combine(
                Arbitraries.of(Damage.Kind.values()),
                Arbitraries.integers().between(0, 71),
                Arbitraries.integers().between(0, 100_000),
                Arbitraries.of(true, true, false))
            .as(Damage::new);
    return Arbitraries.frequencyOf(Tuple.of(3, Arbitraries.just(Damage.NONE)), Tuple.of(1, some));
  }
}
