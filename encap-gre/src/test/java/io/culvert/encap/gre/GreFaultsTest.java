package io.culvert.encap.gre;

import io.culvert.spi.EncapProvider;
import io.culvert.spi.Patch;
import io.culvert.spi.RxCheck;
import io.culvert.testkit.contract.EncapContract;
import io.culvert.testkit.contract.FaultContract;
import io.culvert.testkit.contract.PlantedFault;
import io.culvert.testkit.fault.ByteCode;
import io.culvert.testkit.fault.Edit;
import io.culvert.testkit.fault.Wrapped;
import io.culvert.testkit.law.Law;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.util.function.Function;

/** Faults in GRE, each found by the law that should. */
class GreFaultsTest extends FaultContract {
  /** The contract with a fault; without one, as it is. */
  static final class Planted extends GreContractTest {
    @Override
    protected EncapProvider provider() {
      return planted(super.provider());
    }
  }

  @Override
  protected Class<? extends EncapContract> contract() {
    return Planted.class;
  }

  @Override
  protected Option<Path> page() {
    return Option.some(Path.of("../docs/laws.md"));
  }

  @Override
  protected Seq<PlantedFault> faults() {
    return List.of(
        // What match reads.
        fault(
            "KEY_OFFSET",
            "reads the key where the checksum is",
            Law.ROUND_TRIP,
            match(Edit.constant(4L, 0L).number(2))),
        fault(
            "INNER_TYPE",
            "takes IPv6 inside for IPv4",
            Law.ROUND_TRIP,
            match(Edit.constant(0x86dd, 0x0800))),
        fault(
            "NO_KEY",
            "does not add flags and key to the identity",
            Law.ROUND_TRIP,
            match(Edit.noCall("add"))),
        fault(
            "LENGTH_OF_FLAGS",
            "counts no bytes for a sequence number",
            Law.ROUND_TRIP,
            ByteCode.in(GreHeader.class, "length", Edit.constant(GreHeader.FLAGS, 0xa000))),
        fault(
            "KEY_UNCHECKED",
            "reads optional fields that may not be there",
            Law.PREFIX,
            match(Edit.jump(2))),
        fault(
            "FLAGS_IGNORED",
            "takes reserved flags, routing and other versions",
            Law.GUARD,
            match(Edit.jump(1))),
        fault(
            "VERSION_IGNORED",
            "takes other versions",
            Law.GUARD,
            match(Edit.constant(~GreHeader.FLAGS, ~GreHeader.FLAGS & ~7))),
        fault(
            "RESERVED1_IGNORED",
            "does not look behind the checksum",
            Law.GUARD,
            match(Edit.jump(4))),
        fault(
            "KEY_OF_16_BITS",
            "knows 16 bits of the key, in tuple and match",
            Law.IDENTITY,
            ByteCode.in(GreHeader.class, "word", Edit.masked("toUnsignedLong", 0xffff))),
        // What push and match agree on.
        fault(
            "BYTE_ORDER",
            "sends the protocol type's last byte first, in push and match",
            Law.VECTORS,
            Wrapped.order(0, 1, 3, 2)),
        fault(
            "CHECKSUM_RANGE",
            "leaves the flags out of the checksum, in push and check",
            Law.VECTORS,
            checksumFrom(2)),
        fault(
            "CHECKSUM_OF_PAYLOAD",
            "takes the checksum over the payload alone, in push and check",
            Law.INDEPENDENT_PARSER,
            checksumFrom(4)),
        // Set-up.
        fault(
            "NOT_MIRRORED",
            "does not exchange the ends on receipt",
            Law.MIRROR,
            Wrapped.notMirrored()),
        fault(
            "KEY_OF_THE_OTHER_DIRECTION",
            "awaits the key and flags that it sends",
            Law.MIRROR,
            ByteCode.in(GreSettings.class, "word", Edit.constant("i", "o"))),
        // What is asked of a packet whose flow is known.
        fault(
            "CHECKSUM_UNCHECKED",
            "does not check the checksum",
            Law.DAMAGE,
            without(RxCheck.Checksum.class)),
        fault(
            "SEQUENCE_UNCHECKED",
            "does not check the sequence number",
            Law.DAMAGE,
            without(RxCheck.Sequence.class)));
  }

  private static PlantedFault fault(
      String name, String what, Law law, Function<EncapProvider, EncapProvider> plant) {
    return new PlantedFault(name, what, law, plant);
  }

  private static ByteCode match(Edit... edits) {
    return ByteCode.in(GreEncap.class, "match", edits);
  }

  private static Function<EncapProvider, EncapProvider> without(Class<? extends RxCheck> kind) {
    return Wrapped.fields(patches -> patches, checks -> checks.reject(kind::isInstance));
  }

  private static Function<EncapProvider, EncapProvider> checksumFrom(int from) {
    return Wrapped.fields(
        patches ->
            patches.map(patch ->
                patch instanceof Patch.Checksum(int at, int _)
                    ? new Patch.Checksum(at, from)
                    : patch),
        checks ->
            checks.map(
                check -> check instanceof RxCheck.Checksum ? new RxCheck.Checksum(from) : check));
  }
}
