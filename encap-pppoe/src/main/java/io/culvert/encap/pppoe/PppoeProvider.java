package io.culvert.encap.pppoe;

import io.culvert.spi.Attribute;
import io.culvert.spi.Capability;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Missing;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.Patch;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.SpiVersion;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import io.vavr.control.Validation;

/**
 * PPPoE sessions that discovery and PPP have opened elsewhere.
 *
 * <p>{@code ip} has no such type; ours is {@code ip link add link DEV name ppp0 mtu 1492 type pppoe
 * session N peer MAC}. {@code session} is 1..65534, {@code peer} the MAC address of the other
 * station: frames go to it, and are taken from nobody else.
 */
public final class PppoeProvider implements EncapProvider {
  private static final String SESSION = "session";
  private static final String PEER = "peer";
  private static final String LINK = "link";

  private static final int LEAST_SESSION = PppoeHeader.NO_SESSION + 1;
  private static final int MOST_SESSION = PppoeHeader.RESERVED_SESSION - 1;

  private static final Carrier CARRIER = Carrier.etherTypeByPeer(PppoeHeader.ETHER_TYPE);

  private static final Seq<InnerType> CARRIED = List.of(InnerType.IPV4, InnerType.IPV6);

  private static final LinkType PPPOE =
      new LinkType(
          "pppoe",
          LinkType.Layer.L3,
          List.of(
              new Attribute.Number(SESSION, LEAST_SESSION, MOST_SESSION, 10, List.empty()),
              new Attribute.HardwareAddress(PEER)));

  /** Called by the service loader. */
  public PppoeProvider() {}

  @Override
  public String name() {
    return "pppoe";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public Seq<LinkType> linkTypes() {
    return List.of(PPPOE);
  }

  @Override
  public Seq<Capability> capabilities() {
    return CARRIED.map(Capability::overEthernet);
  }

  @Override
  public Seq<Carrier> carriers(Settings settings) {
    return List.of(CARRIER);
  }

  @Override
  public Validation<Seq<EncapError>, EncapTuple> tuple(
      Settings settings, InnerType inner, Direction direction) {
    Seq<EncapError> mistakes =
        PPPOE.mistakes(settings).appendAll(missing(settings)).appendAll(wrong(settings, inner));
    if (mistakes.nonEmpty()) {
      return Validation.invalid(mistakes);
    }
    return Validation.valid(
        new EncapTuple(
            name(),
            CARRIER,
            Option.none(),
            List.of(settings.number(SESSION).get()),
            OuterPolicy.DEFAULT,
            settings.word(LINK),
            CARRIED,
            settings.mac(PEER)));
  }

  private static Seq<EncapError> missing(Settings settings) {
    List<EncapError> errors = List.empty();
    if (!settings.values().containsKey(SESSION)) {
      errors =
          errors.append(new Missing(SESSION, "a session, " + LEAST_SESSION + ".." + MOST_SESSION));
    }
    if (!settings.values().containsKey(PEER)) {
      errors = errors.append(new Missing(PEER, "the MAC address of the other station"));
    }
    if (settings.word(LINK).isEmpty()) {
      errors = errors.append(new Missing(LINK, "the device below"));
    }
    return errors;
  }

  private static Seq<EncapError> wrong(Settings settings, InnerType inner) {
    List<EncapError> errors = List.empty();
    // Sessions are between two stations (RFC 2516 §4: the destination is unicast).
    Option<MacAddress> peer = settings.mac(PEER).filter(mac -> mac.isGroup() || mac.bits() == 0);
    if (peer.isDefined()) {
      errors =
          errors.append(
              new EncapError.Invalid(PEER, peer.get().toString(), "a unicast MAC address"));
    }
    return errors.appendAll(refusal(inner));
  }

  private static Option<EncapError> refusal(InnerType inner) {
    return CARRIED.contains(inner)
        ? Option.none()
        : Option.some(new Unsupported(inner + " in pppoe", "only IPv4 and IPv6 are carried"));
  }

  @Override
  public Either<EncapError, Shim> shim(EncapTuple tuple, InnerType inner) {
    Option<EncapError> refusal = refusal(inner);
    if (refusal.isDefined()) {
      return Either.left(refusal.get());
    }
    int session = tuple.words().head().intValue();
    int protocol = inner.equals(InnerType.IPV4) ? PppoeHeader.IPV4 : PppoeHeader.IPV6;
    byte[] bytes = new byte[PppoeHeader.LENGTH];
    bytes[PppoeHeader.VERSION_TYPE_OFFSET] = PppoeHeader.VERSION_TYPE;
    bytes[PppoeHeader.SESSION_OFFSET] = (byte) (session >>> 8);
    bytes[PppoeHeader.SESSION_OFFSET + 1] = (byte) session;
    bytes[PppoeHeader.PROTOCOL_OFFSET + 1] = (byte) protocol;
    Patch length = new Patch.Length(PppoeHeader.LENGTH_OFFSET, PppoeHeader.PROTOCOL_OFFSET);
    return Either.right(new Shim(bytes, List.of(length), List.empty()));
  }

  @Override
  public Encap encap(Carrier carrier) {
    return PppoeEncap.SESSION;
  }

  @Override
  public Seq<Sample> samples() {
    Settings settings =
        Settings.of(PPPOE.name())
            .with(SESSION, 0x1234)
            .with(PEER, new MacAddress(0x02_00_00_00_00_12L))
            .with(LINK, "eth0");
    return CARRIED.map(inner -> new Sample(settings, inner));
  }
}
