package io.culvert.testkit.law;

import io.culvert.spi.EncapProvider;
import io.culvert.spi.Match;
import io.culvert.spi.Patch;
import io.culvert.testkit.law.EncapSubject.Layer;
import io.culvert.testkit.law.MatchProbe.Answer;
import io.culvert.testkit.law.MatchProbe.Place;
import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.Arrays;

/** Law 12: bytes that others made, which no symmetric mistake of push and pop can get round. */
public final class VectorLaw {
  private VectorLaw() {}

  /**
   * Law 12: the vector's packet is matched, with the words of its tuple; and its payload, pushed,
   * gives the vector's bytes, but for bits that are free and fields that follow from the tunnel's
   * state (sequence, entropy, priority). Lengths and checksums must agree.
   *
   * @param bits what each bit of the vector's shim is for
   */
  public static Option<Violation> law12GoldenVector(
      EncapProvider provider, GoldenVector vector, ShimBits bits) {
    EncapSubject subject =
        new EncapSubject(
            provider, vector.settings(), vector.inner(), vector.direction(), Option.some(bits));
    return LayerLaws.with(
        Law.VECTORS,
        subject,
        layer ->
            matched(subject, layer, vector)
                .orElse(() -> accepted(subject, layer, vector))
                .orElse(() -> pushed(subject, layer, vector, bits)));
  }

  private static Option<Violation> matched(EncapSubject subject, Layer layer, GoldenVector vector) {
    byte[] packet = vector.packet();
    Answer answer = new MatchProbe(layer.encap()).ask(packet, new Place(16, 16, 0xa5));
    long hit =
        Match.hit(
            vector.shimLength(),
            subject.inner().namespace(),
            subject.inner().number(),
            trailer(layer, packet));
    boolean agrees =
        answer.code() == hit
            && answer.thrown().isEmpty()
            && answer.words().equals(List.ofAll(layer.tuple().words()));
    return agrees
        ? Option.none()
        : Option.some(
            Violation.byPacket(
                Law.VECTORS,
                subject,
                packet,
                Match.describe(hit) + " words " + MatchProbe.text(layer.tuple().words()),
                answer.text(),
                "match, on " + vector.source()));
  }

  /** Bytes behind what a length in the shim counts: the padding of a short Ethernet frame. */
  private static int trailer(Layer layer, byte[] packet) {
    for (Patch patch : layer.shim().patches()) {
      if (patch instanceof Patch.Length(int at, int from) && at + 2 <= packet.length) {
        return Math.clamp((long) packet.length - from - PlainFrames.u16(packet, at), 0, 255);
      }
    }
    return 0;
  }

  private static byte[] trimmed(Layer layer, GoldenVector vector) {
    byte[] packet = vector.packet();
    return Arrays.copyOf(packet, packet.length - trailer(layer, packet));
  }

  private static Option<Violation> accepted(
      EncapSubject subject, Layer layer, GoldenVector vector) {
    byte[] packet = trimmed(layer, vector);
    return PlainPatches.failed(layer.shim(), packet)
        .map(check ->
            Violation.byPacket(
                Law.VECTORS,
                subject,
                packet,
                "a packet that passes the checks of receipt",
                check + " refuses it",
                "the shim's checks, on " + vector.source()));
  }

  private static Option<Violation> pushed(
      EncapSubject subject, Layer layer, GoldenVector vector, ShimBits bits) {
    byte[] wanted = trimmed(layer, vector);
    byte[] payload = Arrays.copyOfRange(wanted, vector.shimLength(), wanted.length);
    byte[] got = layer.push(payload);
    byte[] mask = decided(layer, bits);
    boolean agrees = got.length == wanted.length;
    String where = got.length + " bytes in place of " + wanted.length;
    for (int at = 0; agrees && at < wanted.length; at++) {
      agrees = at >= mask.length || ((wanted[at] ^ got[at]) & mask[at]) == 0;
      where = "byte " + at;
    }
    return agrees
        ? Option.none()
        : Option.some(
            Violation.byPacket(
                Law.VECTORS,
                subject,
                wanted,
                Violation.hex(wanted),
                Violation.hex(got),
                "the shim and its patches, on " + vector.source() + ": " + where));
  }

  /** The bits of a shim that its settings and its payload decide. */
  private static byte[] decided(Layer layer, ShimBits bits) {
    byte[] mask = new byte[layer.shim().length()];
    Arrays.fill(mask, (byte) 0xff);
    for (int bit : bits.bits(ShimBits.Kind.FREE)) {
      mask[bit / 8] &= (byte) ~(0x80 >>> bit % 8);
    }
    for (Patch patch : layer.shim().patches()) {
      switch (patch) {
        case Patch.Length _ -> {}
        // Covers a sequence number that is not ours: verified by the check of receipt instead.
        case Patch.Checksum(int at, int _) when hasState(layer) ->
            Arrays.fill(mask, at, at + 2, (byte) 0);
        case Patch.Checksum _ -> {}
        case Patch.Priority _, Patch.DropEligible _ ->
            mask[patch.at()] &= (byte) ~PlainPatches.mask(patch);
        case Patch.Sequence _, Patch.Entropy _ ->
            Arrays.fill(mask, patch.at(), patch.at() + PlainPatches.width(patch), (byte) 0);
      }
    }
    return mask;
  }

  private static boolean hasState(Layer layer) {
    return layer
        .shim()
        .patches()
        .exists(p -> !(p instanceof Patch.Length || p instanceof Patch.Checksum));
  }
}
