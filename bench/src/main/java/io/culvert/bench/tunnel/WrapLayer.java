package io.culvert.bench.tunnel;

import io.culvert.flowtable.registry.Guarded;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.util.HashMap;
import java.util.Map;

/** One layer that is put on. Counts its packets; not for several threads. */
final class WrapLayer {
  private static final int MOST_PACKET = 0xffff;

  /** What is sent in front of one type of content. */
  private record Header(EncapTuple tuple, Shim shim) {}

  private final Guarded provider;
  private final Settings settings;
  private final LinkType.Layer carries;
  private final Map<InnerType, Either<String, Header>> headers = new HashMap<>();
  private int sent;

  WrapLayer(Guarded provider, LinkType type, Settings settings) {
    this.provider = provider;
    this.settings = settings;
    carries = type.layer();
  }

  String name() {
    return settings.linkType();
  }

  /** True if whole frames go in, and not only what is behind their header. */
  private boolean takesFrames() {
    return carries == LinkType.Layer.L2
        && provider
            .carriers(settings)
            .exists(all -> all.forAll(c -> !(c instanceof Carrier.EtherTypeCarrier)));
  }

  /** What announces this layer to the one around it, which is the same for all packets. */
  private InnerType outside() {
    return switch (provider.carriers(settings).getOrElse(List.empty()).head()) {
      case Carrier.EtherTypeCarrier(int number, boolean _) ->
          new InnerType(InnerType.ETHERTYPE, number);
      case Carrier.IpProtocolCarrier carrier -> InnerType.of(carrier.family());
      case Carrier.UdpPortCarrier carrier -> InnerType.of(carrier.family());
    };
  }

  /** Why this layer can never be around that one; empty if it can. */
  String refusalOf(WrapLayer inside) {
    return header(takesFrames() ? InnerType.ETHERNET : inside.outside())
        .fold(why -> name() + " around " + inside.name() + ": " + why, _ -> "");
  }

  /**
   * Puts this layer on.
   *
   * @param frame what goes in
   * @param entropy the flow's
   * @return the frame with it, or why it cannot go in
   */
  Either<String, PlainFrame> put(PlainFrame frame, int entropy) {
    boolean isWhole = takesFrames();
    InnerType type =
        isWhole ? InnerType.ETHERNET : new InnerType(InnerType.ETHERTYPE, frame.type());
    return header(type).flatMap(header -> put(header, frame, isWhole, entropy));
  }

  private Either<String, Header> header(InnerType type) {
    return headers.computeIfAbsent(
        type,
        inner ->
            provider
                .tuple(settings, inner, Direction.TRANSMIT)
                .flatMap(tuple -> provider.shim(tuple, inner).map(shim -> new Header(tuple, shim)))
                .mapLeft(WrapLayer::sentence)
                .filterOrElse(
                    header -> !header.tuple().addresses().exists(EncapTuple.Addresses::isOpen),
                    _ -> name() + " needs local: there is no route to tell it"));
  }

  private static String sentence(Seq<EncapError> errors) {
    return errors.map(EncapError::message).mkString("; ");
  }

  private Either<String, PlainFrame> put(
      Header header, PlainFrame frame, boolean isWhole, int entropy) {
    EncapTuple tuple = header.tuple();
    boolean isTag = !isWhole && carries == LinkType.Layer.L2;
    InnerHeader inner = InnerHeader.of(frame);
    byte[] content = isWhole ? frame.bytes() : (isTag ? frame : frame.trimmed()).payload();
    byte[] shimmed = ShimWriter.write(header.shim(), content, inner.priority(), sent, entropy);
    int id = sent++;
    PlainFrame made =
        switch (tuple.carrier()) {
          case Carrier.EtherTypeCarrier(int type, boolean _) ->
              frame
                  .withAddresses(tuple.peer().getOrElse(frame.to()), frame.from())
                  .with(type, shimmed);
          case Carrier.IpProtocolCarrier c -> {
            OuterWriter outer = new OuterWriter(tuple.addresses().get(), tuple.policy());
            yield frame.with(c.family().etherType(), outer.ip(c.number(), shimmed, inner, id));
          }
          case Carrier.UdpPortCarrier c -> {
            OuterWriter outer = new OuterWriter(tuple.addresses().get(), tuple.policy());
            byte[] datagram = outer.udp(c.number(), shimmed, entropy);
            yield frame.with(c.family().etherType(), outer.ip(17, datagram, inner, id));
          }
        };
    return made.payload().length > MOST_PACKET
        ? Either.left("too long with " + name() + " in front")
        : Either.right(made);
  }
}
