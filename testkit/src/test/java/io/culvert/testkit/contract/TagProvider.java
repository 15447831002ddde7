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
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import io.vavr.control.Validation;

/** The protocol of {@link TagEncap}, with at most one fault. */
final class TagProvider implements EncapProvider {
  private static final Carrier CARRIER = Carrier.ipProtocol(IpFamily.V4, 253);
  private static final List<InnerType> CARRIED = List.of(InnerType.IPV4, InnerType.IPV6);

  private final Fault fault;
  private final TagEncap encap;
  private final LinkType type;

  TagProvider(Fault fault) {
    this.fault = fault;
    encap = new TagEncap(fault);
    long most = is(Fault.RANGE_NOT_CHECKED) ? Integer.MAX_VALUE : 0xff_ffff;
    type = type(most);
  }

  private static LinkType type(long mostNetworks) {
    return new LinkType(
        "tag",
        LinkType.Layer.L3,
        List.of(
            new Attribute.Address("local", Option.some(IpFamily.V4)),
            new Attribute.Address("remote", Option.some(IpFamily.V4)),
            new Attribute.Number("network", 0, mostNetworks, 10, List.empty()),
            new Attribute.Number("key", 0, 0xffff_ffffL, 10, List.empty()),
            OuterAttributes.TTL,
            OuterAttributes.TOS));
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
    return List.of(type(0xff_ffff));
  }

  @Override
  public Seq<Capability> capabilities() {
    return CARRIED
        .appendAll(is(Fault.CLAIM_WITHOUT_SAMPLE) ? List.of(InnerType.ETHERNET) : List.empty())
        .map(inner -> Capability.over(IpFamily.V4, inner));
  }

  @Override
  public Seq<Carrier> carriers(Settings settings) {
    return is(Fault.CARRIER_NOT_DECLARED) ? List.empty() : List.of(CARRIER);
  }

  @Override
  @SuppressWarnings("NullAway") // One of the faults is to return null.
  public Validation<Seq<EncapError>, EncapTuple> tuple(
      Settings settings, InnerType inner, Direction direction) {
    Seq<EncapError> errors = type.mistakes(settings).appendAll(errors(settings, inner));
    if (errors.nonEmpty()) {
      return is(Fault.NULL_TUPLE)
          ? null
          : Validation.invalid(is(Fault.SILENT_REFUSAL) ? List.empty() : errors);
    }
    Addresses ends =
        new Addresses(settings.address("local").get(), settings.address("remote").get());
    boolean isForth = direction == Direction.TRANSMIT || is(Fault.NOT_MIRRORED);
    return OuterAttributes.policy(settings)
        .map(policy ->
            new EncapTuple(
                is(Fault.ANOTHERS_NAME) ? "other" : name(),
                CARRIER,
                Option.some(isForth ? ends : ends.reversed()),
                words(settings),
                policy,
                Option.none(),
                CARRIED));
  }

  private Seq<EncapError> errors(Settings settings, InnerType inner) {
    Seq<String> missing =
        List.of("local", "remote", "network").reject(settings.values()::containsKey);
    if (missing.nonEmpty() && is(Fault.THROWS_IN_TUPLE)) {
      throw new IllegalArgumentException("no " + missing.head());
    }
    Seq<EncapError> errors = missing.map(field -> new EncapError.Missing(field, "a value"));
    return CARRIED.contains(inner) || is(Fault.UNCLAIMED_ACCEPTED)
        ? errors
        : errors.append(new EncapError.Unsupported(inner.toString(), "only IP is carried"));
  }

  private Seq<Long> words(Settings settings) {
    long network = settings.number("network").get();
    long absent = is(Fault.ABSENT_KEY_IS_ZERO) ? 0 : TagEncap.NO_KEY;
    long key = settings.number("key").getOrElse(absent);
    return List.of(
        is(Fault.FREE_BITS_IN_KEY) ? network << 8 : network,
        is(Fault.KEY_TRUNCATED) && key != absent ? key & 0xffff : key);
  }

  @Override
  public Either<EncapError, Shim> shim(EncapTuple tuple, InnerType inner) {
    boolean isRefused = is(Fault.CLAIMED_REFUSED) && inner.equals(InnerType.IPV6);
    if (isRefused || (!CARRIED.contains(inner) && !is(Fault.UNCLAIMED_ACCEPTED))) {
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
    return List.of(new RxCheck.Checksum(is(Fault.SYMMETRIC_CHECKSUM) ? 2 : 0));
  }

  private static void put(byte[] bytes, int at, long value, int width) {
    for (int i = 0; i < width; i++) {
      bytes[at + i] = (byte) (value >>> (8 * (width - 1 - i)));
    }
  }

  @Override
  public Encap encap(Carrier carrier) {
    return is(Fault.NEW_RECEIVE_SIDE) ? new TagEncap(fault) : encap;
  }

  /** With and without key, key 0, and both inner types. */
  @Override
  public Seq<Sample> samples() {
    Settings bare =
        Settings.of("tag")
            .with("local", IpAddress.parse("192.0.2.1").get())
            .with("remote", IpAddress.parse("198.51.100.1").get())
            .with("network", 0x0a0b0c);
    return List.of(bare.with("tos", "inherit"), bare.with("key", 0), bare.with("key", 0xfedc_ba98L))
        .flatMap(settings -> CARRIED.map(inner -> new Sample(settings, inner)));
  }
}
