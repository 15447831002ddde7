package io.culvert.encap.ipip;

import io.culvert.spi.EncapProvider;
import io.culvert.spi.Inheritable;
import io.culvert.spi.OuterPolicy.DontFragment;
import io.culvert.spi.OuterPolicy.EcnMode;
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

/** Faults in IP in IP, each found by the law that should. */
class IpipFaultsTest extends FaultContract {
  /** The contract with a fault; without one, as it is. */
  static final class Planted extends IpipContractTest {
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
            "EMPTY_PACKET",
            "reads the version of an empty packet",
            Law.PREFIX,
            ByteCode.in(IpipEncap.class, "match", Edit.jump(0))),
        fault(
            "INNER_TYPE",
            "says that IPv6 is inside, of IPv4",
            Law.ROUND_TRIP,
            ByteCode.in(IpipEncap.class, "<clinit>", Edit.constant(0x0800, 0x86dd))),
        fault(
            "HEADER_CUT",
            "looks for the source of a packet that has none",
            Law.TOTAL,
            ByteCode.in(Ipv6Encap.class, "match", Edit.constant(40L, 1L))),
        fault(
            "SHIM_OF_FOUR_BYTES",
            "skips four bytes in front of the packet",
            Law.ROUND_TRIP,
            ByteCode.in(IpipEncap.class, "<clinit>", Edit.constant(0, 4))),
        fault(
            "OTHER_RECEIVE_SIDE",
            "takes IPv6 behind protocol 41 for IPv4",
            Law.ROUND_TRIP,
            ByteCode.in(IpipProvider.class, "encap", Edit.constant(41, 42))),
        // What push and match agree on.
        fault(
            "PROTOCOLS",
            "exchanges protocols 4 and 41, in push and match",
            Law.INDEPENDENT_PARSER,
            ByteCode.in(
                    IpTunnel.class, "carrier", Edit.constant(41, 4), Edit.constant(4, 41).number(1))
                .andIn(IpipProvider.class, "encap", Edit.constant(41, 4))),
        // Set-up.
        fault(
            "NOT_MIRRORED",
            "does not exchange the ends on receipt",
            Law.MIRROR,
            Wrapped.notMirrored()),
        fault(
            "CARRIER",
            "sends IPv6 behind protocol 4",
            Law.ROUND_TRIP,
            ByteCode.in(IpTunnel.class, "carrier", Edit.constant(41, 4))),
        fault(
            "TTL",
            "sends with TTL 64, whatever is inside",
            Law.FAST_IS_SLOW,
            Wrapped.policies(policy -> policy.withTtl(Inheritable.fixed(64)))),
        fault(
            "ECN_LOST",
            "clears the ECN field of its header",
            Law.FAST_IS_SLOW,
            Wrapped.policies(policy -> policy.withEcn(EcnMode.COMPATIBILITY))),
        fault(
            "DF_LOST",
            "never sets DF",
            Law.FAST_IS_SLOW,
            Wrapped.policies(policy -> policy.withDf(DontFragment.CLEAR))));
  }

  private static PlantedFault fault(
      String name, String what, Law law, Function<EncapProvider, EncapProvider> plant) {
    return new PlantedFault(name, what, law, plant);
  }
}
