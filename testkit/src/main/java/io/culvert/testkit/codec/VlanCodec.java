package io.culvert.testkit.codec;

import io.culvert.spi.Carrier;
import io.culvert.spi.InnerType;
import io.culvert.spi.Settings;
import io.culvert.testkit.codec.PlainDecoded.NotMine;
import io.culvert.testkit.codec.PlainDecoded.Refused;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.util.Arrays;

/** VLAN tags: two bytes of TCI, then the EtherType of what follows (IEEE 802.1Q §9.6). */
public final class VlanCodec implements PlainCodec {
  private static final int HEADER = 4;

  /** Called by the service loader. */
  public VlanCodec() {}

  @Override
  public Seq<String> linkTypes() {
    return List.of("vlan");
  }

  @Override
  public Either<String, PlainTunnel> open(Settings settings) {
    int tpid =
        switch (settings.word("proto").getOrElse("802.1Q")) {
          case "802.1ad", "802.1AD", "0x88a8" -> 0x88a8;
          case "0x9100" -> 0x9100;
          default -> 0x8100;
        };
    return settings
        .number("id")
        .toEither("no id")
        .map(id ->
            new Tag(
                Carrier.etherType(tpid),
                id.intValue(),
                settings.word("dei").getOrElse("off"),
                settings.mapping("ingress-qos-map"),
                settings.mapping("egress-qos-map")));
  }

  private record Tag(
      Carrier carrier,
      int id,
      String dei,
      Map<Integer, Integer> ingress,
      Map<Integer, Integer> egress)
      implements PlainTunnel {
    @Override
    public Seq<Carrier> carriers() {
      return List.of(carrier);
    }

    @Override
    public boolean carries(InnerType type) {
      return type.namespace() == InnerType.ETHERTYPE;
    }

    @Override
    public Either<String, PlainPayload> encode(PlainPacket packet) {
      byte[] tag = new byte[HEADER];
      int pcp = egress.getOrElse(packet.priority().value(), 0);
      boolean isDropEligible =
          dei.equals("keep") ? packet.priority().isDropEligible() : dei.equals("on");
      Octets.put16(tag, 0, pcp << 13 | (isDropEligible ? 0x1000 : 0) | id);
      Octets.put16(tag, 2, packet.type().number());
      return Either.right(new PlainPayload(carrier, Octets.join(tag, packet.bytes())));
    }

    @Override
    public PlainDecoded decode(PlainPayload payload, PlainPriority priority) {
      byte[] bytes = payload.bytes();
      if (bytes.length < HEADER) {
        return new Refused("truncated");
      }
      int tci = Octets.u16(bytes, 0);
      if ((tci & 0xfff) != id) {
        return new NotMine("VID");
      }
      // A priority that the map does not know is best effort, whatever it was before. A drop mark
      // stays what a tag outside said, unless this one is asked.
      boolean isDropEligible = dei.equals("keep") ? (tci & 0x1000) != 0 : priority.isDropEligible();
      return new PlainDecoded.Packet(
          new PlainPacket(
              new InnerType(InnerType.ETHERTYPE, Octets.u16(bytes, 2)),
              Arrays.copyOfRange(bytes, HEADER, bytes.length),
              new PlainPriority(ingress.getOrElse(tci >> 13, 0), isDropEligible)));
    }
  }
}
