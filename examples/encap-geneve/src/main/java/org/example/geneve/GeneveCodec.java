package org.example.geneve;

import io.culvert.spi.Carrier;
import io.culvert.spi.InnerType;
import io.culvert.spi.Settings;
import io.culvert.testkit.codec.PlainCodec;
import io.culvert.testkit.codec.PlainDecoded;
import io.culvert.testkit.codec.PlainOuter;
import io.culvert.testkit.codec.PlainPacket;
import io.culvert.testkit.codec.PlainPayload;
import io.culvert.testkit.codec.PlainPriority;
import io.culvert.testkit.codec.PlainTunnel;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Arrays;

/**
 * Geneve as Linux's slow path does it, on plain arrays and without a line of the provider: the
 * reference router and the laws compare the two.
 */
public final class GeneveCodec implements PlainCodec {
  @Override
  public Seq<String> linkTypes() {
    return List.of("geneve");
  }

  @Override
  public Either<String, PlainTunnel> open(Settings settings) {
    return PlainOuter.overUdp(settings, 49152, 65535, false)
        .toEither("no remote")
        .map(outer -> {
          int port = settings.number("dstport").filter(p -> p != 0).getOrElse(6081L).intValue();
          long vni = settings.number("id").getOrElse(0L);
          return new Tunnel(outer, Carrier.udpPort(outer.remote().family(), port), vni);
        });
  }

  private record Tunnel(PlainOuter header, Carrier carrier, long vni) implements PlainTunnel {
    @Override
    public Seq<Carrier> carriers() {
      return List.of(carrier);
    }

    @Override
    public Option<PlainOuter> outer() {
      return Option.some(header);
    }

    /** {@code geneve_udp_encap_recv}: version and protocol are asked before the VNI. */
    @Override
    public Option<String> illegal(PlainPayload payload) {
      byte[] bytes = payload.bytes();
      boolean isGeneve =
          bytes.length >= 8 && (bytes[0] & 0xc0) == 0 && bytes[2] == 0x65 && bytes[3] == 0x58;
      return isGeneve ? Option.none() : Option.some("no Geneve with a frame in it");
    }

    @Override
    public boolean carries(InnerType type) {
      return type.equals(InnerType.ETHERNET);
    }

    @Override
    public Either<String, PlainPayload> encode(PlainPacket packet) {
      byte[] frame = packet.bytes();
      byte[] bytes = new byte[8 + frame.length];
      bytes[2] = 0x65;
      bytes[3] = 0x58;
      bytes[4] = (byte) (vni >> 16);
      bytes[5] = (byte) (vni >> 8);
      bytes[6] = (byte) vni;
      System.arraycopy(frame, 0, bytes, 8, frame.length);
      return Either.right(new PlainPayload(carrier, bytes));
    }

    /** {@code geneve_rx}: options are skipped unread, unless one is critical. */
    @Override
    public PlainDecoded decode(PlainPayload payload, PlainPriority priority) {
      byte[] bytes = payload.bytes();
      long theirs = (bytes[4] & 0xff) << 16 | (bytes[5] & 0xff) << 8 | (bytes[6] & 0xff);
      if (theirs != vni) {
        return new PlainDecoded.NotMine("VNI");
      }
      int start = 8 + (bytes[0] & 0x3f) * 4;
      if ((bytes[1] & 0x40) != 0 || start > bytes.length) {
        return new PlainDecoded.Refused("critical options, or more of them than there are");
      }
      byte[] frame = Arrays.copyOfRange(bytes, start, bytes.length);
      return new PlainDecoded.Packet(new PlainPacket(InnerType.ETHERNET, frame, priority));
    }
  }
}
