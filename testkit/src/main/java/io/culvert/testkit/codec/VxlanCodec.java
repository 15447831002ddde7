package io.culvert.testkit.codec;

import io.culvert.spi.Carrier;
import io.culvert.spi.InnerType;
import io.culvert.spi.Settings;
import io.culvert.spi.Value;
import io.culvert.testkit.codec.PlainDecoded.NotMine;
import io.culvert.testkit.codec.PlainDecoded.Refused;
import io.culvert.wire.IpAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Arrays;

/** VXLAN (RFC 7348) to one remote; there is no forwarding database. */
public final class VxlanCodec implements PlainCodec {
  private static final int HEADER = 8;
  private static final int VNI_PRESENT = 0x08000000;
  private static final long LINUX_PORT = 8472;

  /** The source ports that RFC 7348 §5 recommends. */
  private static final Value.Range DYNAMIC_PORTS = new Value.Range(49152, 65536);

  /** Called by the service loader. */
  public VxlanCodec() {}

  @Override
  public Seq<String> linkTypes() {
    return List.of("vxlan");
  }

  @Override
  public boolean hasMtuOfRoute() {
    return false;
  }

  @Override
  public Either<String, PlainTunnel> open(Settings settings) {
    Option<String> beyond = PlainScope.beyond(settings);
    if (beyond.isDefined()) {
      return Either.left(beyond.get());
    }
    Value.Range ports =
        settings.range("srcport").filter(range -> range.most() != 0).getOrElse(DYNAMIC_PORTS);
    // Linux scales the hash by the difference, and so never takes the second number.
    return PlainOuter.overUdp(settings, ports.least(), ports.most() - 1, true)
        .toEither("no remote")
        .map(outer ->
            new Tunnel(outer, carrier(settings, outer), vni(settings), reserved(settings)));
  }

  private static Carrier carrier(Settings settings, PlainOuter outer) {
    long port = settings.number("dstport").filter(p -> p != 0).getOrElse(LINUX_PORT);
    return Carrier.udpPort(outer.remote().family(), (int) port);
  }

  private static int vni(Settings settings) {
    return settings.number("id").getOrElse(0L).intValue();
  }

  /** The bits of the header for which a packet is dropped: all unknown ones, unless told others. */
  private static long reserved(Settings settings) {
    if (settings.word("reserved").contains("ignore")) {
      return 0;
    }
    return settings
        .word("reserved_bits")
        .map(text -> Long.parseUnsignedLong(text.replaceFirst("^0[xX]", ""), 16))
        .getOrElse(0xf7ff_ffff_0000_00ffL);
  }

  private record Tunnel(PlainOuter header, Carrier carrier, int vni, long reserved)
      implements PlainTunnel {
    @Override
    public Seq<Carrier> carriers() {
      return List.of(carrier);
    }

    @Override
    public Option<PlainOuter> outer() {
      return Option.some(header);
    }

    /** Linux looks at the VNI only: a segment may have many members. */
    @Override
    public boolean takes(IpAddress source, IpAddress destination) {
      return true;
    }

    @Override
    public Option<String> illegal(PlainPayload payload) {
      byte[] bytes = payload.bytes();
      return bytes.length < HEADER || (Octets.u32(bytes, 0) & VNI_PRESENT) == 0
          ? Option.some("no VNI")
          : Option.none();
    }

    @Override
    public boolean carries(InnerType type) {
      return type.equals(InnerType.ETHERNET);
    }

    @Override
    public Either<String, PlainPayload> encode(PlainPacket packet) {
      byte[] vxlan = new byte[HEADER];
      Octets.put32(vxlan, 0, VNI_PRESENT);
      Octets.put32(vxlan, 4, (long) vni << 8);
      return Either.right(new PlainPayload(carrier, Octets.join(vxlan, packet.bytes())));
    }

    @Override
    public PlainDecoded decode(PlainPayload payload, PlainPriority priority) {
      byte[] bytes = payload.bytes();
      if (Octets.u32(bytes, 4) >> 8 != vni) {
        return new NotMine("VNI");
      }
      // RFC 7348 §5 has reserved bits ignored; Linux drops what it does not know, since 6.14 what
      // reserved_bits says.
      if (((Octets.u32(bytes, 0) << 32 | Octets.u32(bytes, 4)) & reserved) != 0) {
        return new Refused("reserved bits");
      }
      byte[] frame = Arrays.copyOfRange(bytes, HEADER, bytes.length);
      return new PlainDecoded.Packet(new PlainPacket(InnerType.ETHERNET, frame, priority));
    }
  }
}
