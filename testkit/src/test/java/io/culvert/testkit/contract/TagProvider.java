package io.culvert.testkit.contract;

import io.culvert.spi.Attribute;
import io.culvert.spi.Capability;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.OuterAttributes;
import io.culvert.spi.Patch;
import io.culvert.spi.RxCheck;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.SpiVersion;
import io.culvert.spi.Transit;
import io.culvert.spi.TunnelEnds;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import io.vavr.control.Validation;

/** The protocol of {@link TagEncap}, with at most one fault. */
final class TagProvider implements EncapProvider {
  private static final Carrier CARRIER = Carrier.ipProtocol(IpFamily.V4, 253);
  private static final Carrier LINK_CARRIER = Carrier.etherTypeByPeer(0x88b5);
  private static final InnerType ARP = new InnerType(InnerType.ETHERTYPE, 0x0806);
  private static final List<InnerType> CARRIED = List.of(InnerType.IPV4, InnerType.IPV6);

  private final Fault fault;
  private final TagEncap encap;
  private final Seq<LinkType> types;

  TagProvider(Fault fault) {
    this.fault = fault;
    encap = new TagEncap(fault);
    long most = is(Fault.RANGE_NOT_CHECKED) ? Integer.MAX_VALUE : 0xff_ffff;
    int mostClass = is(Fault.MAP_NOT_CHECKED) ? 99 : 7;
    types = types(most, mostClass);
  }

  /** Over IPv4, and over Ethernet to one other station. */
  private static Seq<LinkType> types(long mostNetworks, int mostClass) {
    List<Attribute> own =
        List.of(
            new Attribute.Number("network", 0, mostNetworks, 10, List.empty()),
            new Attribute.Number("key", 0, 0xffff_ffffL, 10, List.empty()),
            new Attribute.Number("ikey", 0, 0xffff_ffffL, 10, List.empty()),
            new Attribute.Number("okey", 0, 0xffff_ffffL, 10, List.empty()),
            new Attribute.Mapping("classes", 7, mostClass));
    return List.of(
        new LinkType(
            "tag",
            LinkType.Layer.L3,
            own.prependAll(
                List.of(
                    new Attribute.Address("local", Option.some(IpFamily.V4)),
                    new Attribute.Address("remote", Option.some(IpFamily.V4)),
                    OuterAttributes.TTL,
                    OuterAttributes.TOS))),
        new LinkType(
            "taglink", LinkType.Layer.L3, own.prepend(new Attribute.HardwareAddress("peer"))));
  }

  private boolean is(Fault one) {
    return fault == one;
  }

  @Override
  public String name() {
    return "tag";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public Seq<LinkType> linkTypes() {
    return types(0xff_ffff, 7);
  }

  @Override
  public Seq<Capability> capabilities() {
    return CARRIED
        .appendAll(is(Fault.CLAIM_WITHOUT_SAMPLE) ? List.of(InnerType.ETHERNET) : List.empty())
        .map(inner -> Capability.over(IpFamily.V4, inner))
        .append(Capability.overEthernet(InnerType.ANY_ETHERTYPE));
  }

  @Override
  public Seq<Carrier> carriers(Settings settings) {
    return is(Fault.CARRIER_NOT_DECLARED) ? List.empty() : List.of(carrier(settings));
  }

  private static Carrier carrier(Settings settings) {
    return settings.linkType().equals("taglink") ? LINK_CARRIER : CARRIER;
  }

  @Override
  @SuppressWarnings("NullAway") // One of the faults is to return null.
  public Validation<Seq<EncapError>, EncapTuple> tuple(
      Settings settings, InnerType inner, Direction direction) {
    Carrier carrier = carrier(settings);
    Seq<EncapError> errors =
        types
            .find(type -> type.name().equals(settings.linkType()))
            .get()
            .mistakes(settings)
            .appendAll(errors(settings, inner, carrier));
    if (errors.nonEmpty()) {
      return is(Fault.NULL_TUPLE)
          ? null
          : Validation.invalid(is(Fault.SILENT_REFUSAL) ? List.empty() : errors);
    }
    return OuterAttributes.policy(settings)
        .map(policy ->
            new EncapTuple(
                is(Fault.ANOTHERS_NAME) ? "other" : name(),
                carrier,
                ends(settings, direction),
                words(settings, direction),
                policy,
                Option.when(carrier.equals(LINK_CARRIER), () -> settings.word("link").get()),
                carrier.equals(CARRIER) ? CARRIED : List.of(InnerType.ANY_ETHERTYPE),
                peer(settings, direction)));
  }

  private Option<Addresses> ends(Settings settings, Direction direction) {
    boolean isForth = direction == Direction.TRANSMIT || is(Fault.NOT_MIRRORED);
    return Option.when(carrier(settings).equals(CARRIER), settings.address("local"))
        .flatMap(local -> local)
        .map(local -> new Addresses(local, settings.address("remote").get()))
        .map(ends -> isForth ? ends : ends.reversed());
  }

  private Option<MacAddress> peer(Settings settings, Direction direction) {
    boolean isForgotten = is(Fault.PEER_FORGOTTEN) && direction == Direction.RECEIVE;
    return carrier(settings).equals(CARRIER)
        ? Option.none()
        : isForgotten ? Option.some(new MacAddress(0)) : settings.mac("peer");
  }

  private Seq<EncapError> errors(Settings settings, InnerType inner, Carrier carrier) {
    Seq<String> missing =
        (carrier.equals(CARRIER) ? List.of("local", "remote") : List.of("peer", "link"))
            .append("network")
            .reject(settings.values()::containsKey);
    if (missing.nonEmpty() && is(Fault.THROWS_IN_TUPLE)) {
      throw new IllegalArgumentException("no " + missing.head());
    }
    Validation<Seq<EncapError>, Addresses> ends = TunnelEnds.of(settings, Option.some(IpFamily.V4));
    boolean isWrong = carrier.equals(CARRIER) && missing.isEmpty() && ends.isInvalid();
    Seq<EncapError> errors =
        missing
            .<EncapError>map(field -> new EncapError.Missing(field, "a value"))
            .appendAll(isWrong && !is(Fault.ANYBODYS_PACKETS) ? ends.getError() : List.empty());
    return carries(carrier, inner) || is(Fault.UNCLAIMED_ACCEPTED)
        ? errors
        : errors.append(new EncapError.Unsupported(inner.toString(), "only IP is carried"));
  }

  private static boolean carries(Carrier carrier, InnerType inner) {
    return carrier.equals(CARRIER)
        ? CARRIED.contains(inner)
        : inner.namespace() == InnerType.ETHERTYPE;
  }

  /** Network, and the direction's key. */
  private Seq<Long> words(Settings settings, Direction direction) {
    long network = settings.number("network").get();
    long absent = is(Fault.ABSENT_KEY_IS_ZERO) ? 0 : TagEncap.NO_KEY;
    boolean isOut = direction == Direction.TRANSMIT || is(Fault.KEY_OF_THE_OTHER_DIRECTION);
    long key =
        settings
            .number(isOut ? "okey" : "ikey")
            .orElse(() -> settings.number("key"))
            .map(number -> is(Fault.KEYS_FOLDED) && number == 5 ? 4 : number)
            .getOrElse(absent);
    return List.of(
        is(Fault.FREE_BITS_IN_KEY) ? network << 8 : network,
        is(Fault.KEY_TRUNCATED) && key != absent ? key & 0xffff : key);
  }

  @Override
  public Either<EncapError, Shim> shim(EncapTuple tuple, InnerType inner) {
    boolean isRefused = is(Fault.CLAIMED_REFUSED) && inner.equals(InnerType.IPV6);
    if (isRefused || (!carries(tuple.carrier(), inner) && !is(Fault.UNCLAIMED_ACCEPTED))) {
      return Either.left(new EncapError.Unsupported(inner.toString(), "only IP is carried"));
    }
    long network = tuple.words().get(0) >>> (is(Fault.FREE_BITS_IN_KEY) ? 8 : 0);
    long key = tuple.words().get(1);
    boolean hasKey =
        key != TagEncap.NO_KEY && !(is(Fault.ABSENT_KEY_IS_ZERO) && tuple.policy().tos().inherit());
    byte[] bytes = new byte[hasKey ? TagEncap.LENGTH_WITH_KEY : TagEncap.LENGTH];
    put(bytes, 0, TagEncap.VERSION << 4 | (hasKey ? TagEncap.HAS_KEY : 0), 1);
    put(bytes, 2, inner.number(), 2);
    put(bytes, is(Fault.SYMMETRIC_OFFSET) ? 7 : 6, network, 3);
    if (hasKey) {
      int bits = (int) key;
      put(bytes, 12, is(Fault.SYMMETRIC_BYTE_ORDER) ? Integer.reverseBytes(bits) : bits, 4);
    }
    return Either.right(new Shim(bytes, patches(bytes.length), checks()));
  }

  private List<Patch> patches(int length) {
    int lengthAt = is(Fault.PATCH_OUTSIDE) ? length - 1 : is(Fault.PATCH_OVER_BYTES) ? 2 : 4;
    int sumFrom = is(Fault.CHECKSUM_RANGE) ? 4 : is(Fault.SYMMETRIC_CHECKSUM) ? 2 : 0;
    return List.of(
        new Patch.Length(lengthAt, is(Fault.SYMMETRIC_LENGTH) ? 2 : 0),
        new Patch.Checksum(10, sumFrom));
  }

  private List<RxCheck> checks() {
    RxCheck sum = new RxCheck.Checksum(is(Fault.SYMMETRIC_CHECKSUM) ? 2 : 0);
    long reserved = is(Fault.FREE_BITS_CHECKED) ? 0x07ffL << 48 : 0x07L << 56;
    RxCheck zero =
        is(Fault.CHECK_OUTSIDE)
            ? new RxCheck.Bits(15, 0x00ff_0000_0000_0000L, 0)
            : new RxCheck.Bits(0, reserved, is(Fault.CHECK_NEVER_HOLDS) ? 1L << 56 : 0);
    return is(Fault.RESERVED_IGNORED) ? List.of(sum) : List.of(sum, zero);
  }

  private static void put(byte[] bytes, int at, long value, int width) {
    for (int i = 0; i < width; i++) {
      bytes[at + i] = (byte) (value >>> (8 * (width - 1 - i)));
    }
  }

  /** Packets over IPv4 whose version is ours. */
  @Override
  public Seq<Transit> transit() {
    if (is(Fault.TRANSIT_THROWS)) {
      throw new IllegalStateException("no transit");
    }
    long mask = is(Fault.TRANSIT_GUARD_TURNED) ? 0x00f0 : 0xf000;
    int protocol = is(Fault.TRANSIT_OF_OTHERS) ? 254 : is(Fault.TRANSIT_WITH_PORTS) ? 17 : 253;
    Transit one = new Transit(IpFamily.V4, protocol, 2, mask, 0x1111 & mask);
    return is(Fault.TRANSIT_TWICE) ? List.of(one, one) : List.of(one);
  }

  @Override
  public Encap encap(Carrier carrier) {
    return is(Fault.NEW_RECEIVE_SIDE) ? new TagEncap(fault) : encap;
  }

  /** With and without key, key 0, other keys in and out, over both carriers. */
  @Override
  public Seq<Sample> samples() {
    Settings bare = Settings.of("tag").with("network", 0x0a0b0c);
    Settings link =
        Settings.of("taglink")
            .with("network", 0x0a0b0c)
            .with("link", "eth0")
            .with("peer", new MacAddress(0x02_00_00_00_00_77L));
    bare =
        bare.with("local", IpAddress.parse("192.0.2.1").get())
            .with("remote", IpAddress.parse("198.51.100.1").get());
    Seq<Sample> overIp =
        List.of(bare.with("tos", "inherit"), bare.with("key", 0), bare.with("key", 0xfedc_ba98L))
            .flatMap(settings -> CARRIED.map(inner -> new Sample(settings, inner)));
    return overIp.appendAll(
        List.of(
            new Sample(bare.with("ikey", 7), InnerType.IPV4),
            new Sample(bare.with("ikey", 1).with("okey", 2), InnerType.IPV6),
            new Sample(link.with("okey", 5), InnerType.IPV4),
            new Sample(link.with("key", 5), ARP)));
  }
}
