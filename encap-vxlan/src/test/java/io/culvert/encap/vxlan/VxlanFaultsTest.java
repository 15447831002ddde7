package io.culvert.encap.vxlan;

import io.culvert.spi.EncapProvider;
import io.culvert.spi.OuterPolicy;
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

/** Faults in VXLAN, each found by the law that should. */
class VxlanFaultsTest extends FaultContract {
  /** The contract with a fault; without one, as it is. */
  static final class Planted extends VxlanContractTest {
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
            "VNI_SHIFT",
            "shifts the VNI by 4 bits too few on receipt",
            Law.ROUND_TRIP,
            match(Edit.constant(8, 4))),
        fault(
            "VNI_OFFSET",
            "reads the VNI from the header's first half",
            Law.ROUND_TRIP,
            match(Edit.constant(8, 40))),
        fault("NO_VNI", "forgets the VNI", Law.ROUND_TRIP, match(Edit.noCall("add"))),
        fault("CUT_HEADER", "takes 7 bytes for a header", Law.PREFIX, match(Edit.constant(8L, 7L))),
        fault("FLAGS_IGNORED", "does not look at flag I", Law.GUARD, match(Edit.jump(1))),
        fault(
            "RESERVED_BYTE",
            "does not look at the reserved byte behind the VNI",
            Law.GUARD,
            ByteCode.in(
                VxlanSettings.class,
                "reservedBits",
                Edit.constant(VxlanHeader.RESERVED, VxlanHeader.RESERVED & ~0xffL))),
        fault(
            "INNER_TYPE",
            "says that an IPv4 packet is inside",
            Law.ROUND_TRIP,
            ByteCode.in(
                VxlanEncap.class,
                "<clinit>",
                Edit.constant(2, 1),
                Edit.constant(1, 0x0800).number(1))),
        fault(
            "VNI_OF_16_BITS",
            "knows 16 bits of the VNI, in tuple and match",
            Law.IDENTITY,
            match(Edit.constant(VxlanHeader.VNI_MASK, 0xff_ff00L))
                .andThen(Wrapped.words(vni -> vni & 0xffff))),

        // What push and match agree on.
        fault(
            "VNI_IN_LOWER_BITS",
            "has the VNI in the lower 24 bits, in push and match",
            Law.VECTORS,
            match(Edit.constant(VxlanHeader.VNI_MASK, 0xff_ffffL), Edit.constant(8, 0))
                .andIn(VxlanHeader.class, "of", Edit.constant(8, 0).number(1))
                .andIn(
                    VxlanSettings.class,
                    "reservedBits",
                    Edit.constant(VxlanHeader.RESERVED, 0xf7ff_ffff_ff00_0000L))
                .andIn(
                    VxlanSettings.class,
                    "reservedMistake",
                    Edit.constant(~VxlanHeader.RESERVED, 0x0800_0000_00ff_ffffL))),
        fault(
            "BYTE_ORDER",
            "sends the VNI's last byte first, in push and match",
            Law.INDEPENDENT_PARSER,
            Wrapped.order(0, 1, 2, 3, 6, 5, 4)),

        // Set-up.
        fault(
            "NOT_MIRRORED",
            "does not exchange the ends on receipt",
            Law.MIRROR,
            Wrapped.notMirrored()),
        fault(
            "NO_UDP_CHECKSUM",
            "sends no UDP checksum over IPv4 unless it is told to",
            Law.FAST_IS_SLOW,
            policy("udp", Edit.constant(1, 0))),
        fault("TTL", "sends with TTL 63", Law.FAST_IS_SLOW, policy("ttl", Edit.constant(64, 63))),
        fault(
            "TOS_NOT_INHERITED",
            "takes the mark for an inherited TOS for a TOS",
            Law.FAST_IS_SLOW,
            policy("tos", Edit.constant("inherit", "inherits"), Edit.jump(1))),

        // What is asked of a packet whose flow is known.
        fault(
            "RESERVED_UNCHECKED",
            "checks no reserved bits",
            Law.DAMAGE,
            Wrapped.fields(patches -> patches, checks -> List.empty())),
        fault(
            "ZERO_CHECKSUM",
            "takes UDP checksum 0 over IPv6 without being told to",
            Law.DAMAGE,
            Wrapped.policies(policy -> policy.withUdp(zeroAccepted(policy.udp())))));
  }

  private static PlantedFault fault(
      String name, String what, Law law, Function<EncapProvider, EncapProvider> plant) {
    return new PlantedFault(name, what, law, plant);
  }

  private static OuterPolicy.Udp zeroAccepted(OuterPolicy.Udp udp) {
    return new OuterPolicy.Udp(udp.leastSourcePort(), udp.mostSourcePort(), udp.checksum(), true);
  }

  private static ByteCode policy(String method, Edit... edits) {
    return ByteCode.in(VxlanPolicy.class, method, edits);
  }

  private static ByteCode match(Edit... edits) {
    return ByteCode.in(VxlanEncap.class, "match", edits);
  }
}
