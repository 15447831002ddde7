package io.culvert.encap.vlan;

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
import io.culvert.spi.RxCheck;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.SpiVersion;
import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import io.vavr.control.Validation;

/**
 * VLAN tags, with the settings of {@code ip link add link … type vlan}.
 *
 * <p>{@code id} is the VID, 0..4094. {@code proto} is the TPID, 802.1Q unless said otherwise.
 * {@code egress-qos-map} makes the PCP that is sent of the packet's priority, and {@code
 * ingress-qos-map} a priority of the PCP that came; without them PCP 0 is sent, and priority is
 * what it was. {@code dei on}, which {@code ip} does not have, sends every frame as drop eligible,
 * {@code dei keep} those that came in so by a device that has {@code dei keep} too. {@code
 * reorder_hdr}, {@code gvrp}, {@code mvrp}, {@code loose_binding} and {@code bridge_binding} are
 * read and change nothing in a frame.
 */
public final class VlanProvider implements EncapProvider {
  private static final String ID = "id";
  private static final String PROTO = "proto";
  private static final String LINK = "link";
  private static final String DEI = "dei";
  private static final String KEEP = "keep";
  private static final String EGRESS = "egress-qos-map";
  private static final String INGRESS = "ingress-qos-map";

  /** The largest of Linux's classes of priority, TC_PRIO_MAX. */
  private static final int MOST_PRIORITY = 15;

  private static final int MOST_PCP = 7;

  /** The words for a TPID, as {@code ip} reads them. */
  private static final Map<String, Integer> TPIDS =
      HashMap.of(
          "802.1Q", 0x8100,
          "802.1q", 0x8100,
          "0x8100", 0x8100,
          "802.1ad", 0x88a8,
          "802.1AD", 0x88a8,
          "0x88a8", 0x88a8,
          "0x9100", 0x9100);

  private static final Seq<String> SWITCH = List.of("on", "off");

  private static final LinkType VLAN =
      new LinkType(
              "vlan",
              LinkType.Layer.L2,
              List.of(
                  new Attribute.Number(ID, 0, VlanHeader.MOST_VID, 10, List.empty()),
                  new Attribute.Keyword(PROTO, TPIDS.keySet().toList().sorted()),
                  new Attribute.Mapping(EGRESS, MOST_PRIORITY, MOST_PCP),
                  new Attribute.Mapping(INGRESS, MOST_PCP, MOST_PRIORITY),
                  new Attribute.Keyword(DEI, SWITCH.append(KEEP)),
                  new Attribute.Keyword("reorder_hdr", SWITCH),
                  new Attribute.Keyword("gvrp", SWITCH),
                  new Attribute.Keyword("mvrp", SWITCH),
                  new Attribute.Keyword("loose_binding", SWITCH),
                  new Attribute.Keyword("bridge_binding", SWITCH)))
          .withAliases(PROTO, "protocol");

  /** Called by the service loader. */
  public VlanProvider() {}

  @Override
  public String name() {
    return "vlan";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public Seq<LinkType> linkTypes() {
    return List.of(VLAN);
  }

  @Override
  public Seq<Capability> capabilities() {
    return List.of(Capability.overEthernet(InnerType.ANY_ETHERTYPE));
  }

  @Override
  public Seq<Carrier> carriers(Settings settings) {
    return carrier(settings).toList();
  }

  /** None if {@code proto} is not a TPID. */
  private static Option<Carrier> carrier(Settings settings) {
    return settings.values().get(PROTO).isEmpty()
        ? Option.some(Carrier.etherType(0x8100))
        : settings.word(PROTO).flatMap(TPIDS::get).map(Carrier::etherType);
  }

  @Override
  public Validation<Seq<EncapError>, EncapTuple> tuple(
      Settings settings, InnerType inner, Direction direction) {
    Seq<EncapError> mistakes =
        VLAN.mistakes(settings).appendAll(missing(settings)).appendAll(refusal(inner, true));
    if (mistakes.nonEmpty()) {
      return Validation.invalid(mistakes);
    }
    EncapTuple tuple =
        new EncapTuple(
            name(),
            carrier(settings).get(),
            Option.none(),
            List.of(settings.number(ID).get()),
            OuterPolicy.DEFAULT,
            settings.word(LINK),
            List.of(InnerType.ANY_ETHERTYPE));
    return Validation.valid(tuple.withShimSettings(sentOrTaken(settings, direction)));
  }

  private static Seq<EncapError> missing(Settings settings) {
    List<EncapError> errors = List.empty();
    if (!settings.values().containsKey(ID)) {
      errors = errors.append(new Missing(ID, "a VID, 0.." + VlanHeader.MOST_VID));
    }
    if (settings.word(LINK).isEmpty()) {
      errors = errors.append(new Missing(LINK, "the device below"));
    }
    return errors;
  }

  /** Why a tag cannot be in front of this; any EtherType is right for a device, not for a frame. */
  private static Option<EncapError> refusal(InnerType inner, boolean isAnyRight) {
    if (inner.namespace() != InnerType.ETHERTYPE) {
      return Option.some(new Unsupported(inner + " in vlan", "an EtherType follows a tag"));
    }
    boolean isRight =
        inner.number() >= VlanHeader.LEAST_TYPE
            || (isAnyRight && inner.equals(InnerType.ANY_ETHERTYPE));
    return isRight
        ? Option.none()
        : Option.some(
            new Unsupported(inner + " in vlan", "a number below 0x0600 is a length of IEEE 802.3"));
  }

  /** The settings that the tag depends on, apart from the VID. */
  private static Settings sentOrTaken(Settings settings, Direction direction) {
    boolean isTaken = settings.word(DEI).contains(KEEP);
    List<String> fields =
        direction == Direction.TRANSMIT
            ? List.of(EGRESS, DEI)
            : isTaken ? List.of(INGRESS, DEI) : List.of(INGRESS);
    return fields.foldLeft(
        Settings.of(VLAN.name()),
        (some, field) ->
            settings.values().get(field).map(value -> some.with(field, value)).getOrElse(some));
  }

  @Override
  public Either<EncapError, Shim> shim(EncapTuple tuple, InnerType inner) {
    Option<EncapError> refusal = refusal(inner, false);
    return refusal.isDefined() ? Either.left(refusal.get()) : Either.right(tag(tuple, inner));
  }

  private static Shim tag(EncapTuple tuple, InnerType inner) {
    int vid = tuple.words().head().intValue();
    Settings settings = tuple.shimSettings();
    int dei = settings.word(DEI).contains("on") ? VlanHeader.DEI_IN_FIRST_BYTE : 0;
    byte[] bytes = {
      (byte) (dei | vid >>> 8), (byte) vid, (byte) (inner.number() >>> 8), (byte) inner.number()
    };
    Map<Integer, Integer> egress = settings.mapping(EGRESS);
    Map<Integer, Integer> ingress = settings.mapping(INGRESS);
    List<Patch> patches = List.empty();
    List<RxCheck> checks = List.empty();
    if (!egress.isEmpty()) {
      patches = patches.append(new Patch.Priority(VlanHeader.TCI_OFFSET, egress));
    }
    if (!ingress.isEmpty()) {
      checks = checks.append(new RxCheck.Priority(VlanHeader.TCI_OFFSET, ingress));
    }
    if (settings.word(DEI).contains(KEEP)) {
      patches =
          patches.append(
              new Patch.DropEligible(VlanHeader.TCI_OFFSET, VlanHeader.DEI_IN_FIRST_BYTE));
      checks =
          checks.append(
              new RxCheck.DropEligible(VlanHeader.TCI_OFFSET, VlanHeader.DEI_IN_FIRST_BYTE));
    }
    return new Shim(bytes, patches, checks);
  }

  @Override
  public Encap encap(Carrier carrier) {
    return VlanEncap.TAG;
  }

  @Override
  public Seq<Sample> samples() {
    Settings tag = Settings.of(VLAN.name()).with(LINK, "eth0");
    Settings customer =
        tag.with(ID, 100)
            .with(PROTO, "802.1Q")
            .with(EGRESS, VLAN.attribute(EGRESS).get().read("0:1 6:7").get())
            .with(INGRESS, VLAN.attribute(INGRESS).get().read("5:6").get());
    return List.of(
        new Sample(customer, InnerType.IPV4),
        new Sample(tag.with(ID, 0), InnerType.IPV6),
        new Sample(
            tag.with(ID, 200).with(PROTO, "802.1ad"), new InnerType(InnerType.ETHERTYPE, 0x8100)),
        new Sample(tag.with(ID, 4094).with(PROTO, "0x9100").with(DEI, "on"), InnerType.IPV4),
        new Sample(customer.with(DEI, KEEP), InnerType.IPV4));
  }
}
