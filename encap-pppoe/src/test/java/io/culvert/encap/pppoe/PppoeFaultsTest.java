package io.culvert.encap.pppoe;

import io.culvert.spi.Carrier;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
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

/** Faults in PPPoE, each found by the law that should. */
class PppoeFaultsTest extends FaultContract {
  /** The contract with a fault; without one, as it is. */
  static final class Planted extends PppoeContractTest {
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
            "SESSION_OFFSET",
            "reads the session one byte too far",
            Law.ROUND_TRIP,
            match(Edit.constant(2L, 3L))),
        fault("NO_SESSION", "forgets the session", Law.ROUND_TRIP, match(Edit.noCall("add"))),
        fault(
            "INNER_TYPE",
            "takes IPv6 inside for IPv4",
            Law.ROUND_TRIP,
            match(Edit.constant(0x86dd, 0x0800))),
        fault(
            "LENGTH_OFF_BY_TWO",
            "does not count the PPP protocol on receipt",
            Law.ROUND_TRIP,
            match(Edit.constant(6L, 8L))),
        fault("CUT_HEADER", "takes 7 bytes for a header", Law.PREFIX, match(Edit.constant(8L, 7L))),
        fault("CODE_IGNORED", "does not look at the code", Law.GUARD, match(Edit.noJump(2))),
        fault(
            "VERSION_IGNORED", "does not look at version and type", Law.GUARD, match(Edit.jump(1))),
        fault(
            "CODE_OF_7_BITS",
            "looks at 7 bits of the code",
            Law.DAMAGE,
            match(Edit.masked("u8", 0x7f).number(1))),
        fault(
            "SESSION_OF_15_BITS",
            "knows 15 bits of the session, in tuple and match",
            Law.IDENTITY,
            match(Edit.masked("u16", 0x7fff)).andThen(Wrapped.words(session -> session & 0x7fff))),
        fault(
            "LENGTH_TOO_LONG",
            "believes a length that is more than there is",
            Law.PADDING,
            match(Edit.jump(6))),
        fault(
            "PADDING_IS_PAYLOAD",
            "takes all that there is for payload",
            Law.PADDING,
            Wrapped.results(code -> code < 0 ? code : code & 0xff_ffff_ffffL)),
        // What push and match agree on.
        fault(
            "SYMMETRIC_LENGTH",
            "does not count the PPP protocol, in push and match",
            Law.VECTORS,
            match(Edit.constant(6L, 8L), Edit.constant(2, 0))
                .andIn(PppoeProvider.class, "shim", Edit.constant(6, 8))),
        fault(
            "SYMMETRIC_PROTOCOLS",
            "exchanges the numbers of IPv4 and IPv6, in push and match",
            Law.VECTORS,
            match(Edit.constant(0x0800, 0x86dd), Edit.constant(0x86dd, 0x0800).number(1))
                .andIn(
                    PppoeProvider.class,
                    "shim",
                    Edit.constant(0x21, 0x57),
                    Edit.constant(0x57, 0x21).number(1))),
        fault(
            "BYTE_ORDER",
            "sends the session's last byte first, in push and match",
            Law.INDEPENDENT_PARSER,
            Wrapped.order(0, 1, 3, 2)),
        // Set-up.
        fault(
            "ANY_STATION",
            "takes a session's packets from any station",
            Law.INDEPENDENT_PARSER,
            Wrapped.tuples((_, tuple) -> ofAnybody(tuple))));
  }

  private static PlantedFault fault(
      String name, String what, Law law, Function<EncapProvider, EncapProvider> plant) {
    return new PlantedFault(name, what, law, plant);
  }

  private static ByteCode match(Edit... edits) {
    return ByteCode.in(PppoeEncap.class, "match", edits);
  }

  private static EncapTuple ofAnybody(EncapTuple tuple) {
    return new EncapTuple(
        tuple.provider(),
        Carrier.etherType(PppoeHeader.ETHER_TYPE),
        tuple.addresses(),
        tuple.words(),
        tuple.policy(),
        tuple.device(),
        tuple.inner());
  }
}
