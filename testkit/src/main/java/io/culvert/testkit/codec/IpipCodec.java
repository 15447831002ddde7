package io.culvert.testkit.codec;

import io.culvert.spi.Carrier;
import io.culvert.spi.InnerType;
import io.culvert.spi.Settings;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;

/** IPv4 in IPv4 (RFC 2003): protocol 4, and nothing between the two headers. */
public final class IpipCodec implements PlainCodec {
  private static final int PROTOCOL = 4;
  private static final int IPV4_HEADER = 20;

  /** Called by the service loader. */
  public IpipCodec() {}

  @Override
  public Seq<String> linkTypes() {
    return List.of("ipip");
  }

  @Override
  public Either<String, PlainTunnel> open(Settings settings) {
    return Either.right(new Tunnel());
  }

  private static final class Tunnel implements PlainTunnel {
    @Override
    public Carrier carrier() {
      return Carrier.ipProtocol(IpFamily.V4, PROTOCOL);
    }

    @Override
    public int leastPayload() {
      return IPV4_HEADER;
    }

    @Override
    public boolean carries(InnerType type) {
      return type.equals(InnerType.IPV4);
    }

    @Override
    public Either<String, byte[]> encode(PlainPacket packet) {
      return Either.right(packet.bytes());
    }

    @Override
    public Either<String, PlainPacket> decode(byte[] payload) {
      return Either.right(new PlainPacket(InnerType.IPV4, payload));
    }
  }
}
