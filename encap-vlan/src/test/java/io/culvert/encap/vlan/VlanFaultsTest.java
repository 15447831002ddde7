package io.culvert.encap.vlan;

import io.culvert.spi.EncapProvider;
import io.culvert.spi.Match;
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

/** Faults in VLAN tags, each found by the law that should. */
class VlanFaultsTest extends FaultContract {
  /** The contract with a fault; without one, as it is. */
  static final class Planted extends VlanContractTest {
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
            "VID_OFFSET",
            "reads the VID one byte too far",
            Law.ROUND_TRIP,
            match(Edit.constant(0L, 1L))),
        fault(
            "TYPE_OFFSET",
            "takes the tag for the EtherType behind it",
            Law.ROUND_TRIP,
            match(Edit.constant(2L, 0L))),
        fault(
            "INNER_TYPE",
            "says that IPv4 is inside",
            Law.ROUND_TRIP,
            Wrapped.results(code -> code < 0 ? code : Match.hit(VlanHeader.LENGTH, 1, 0x0800))),
        fault("CUT_HEADER", "takes 2 bytes for a tag", Law.PREFIX, match(Edit.constant(4L, 2L))),
        fault(
            "VID_OF_11_BITS",
            "knows 11 bits of the VID, in tuple and match",
            Law.IDENTITY,
            match(Edit.constant(0xfff, 0x7ff)).andThen(Wrapped.words(vid -> vid & 0x7ff))),
        fault(
            "VIDS_BY_PAIRS",
            "takes a VID and the next one for the same, in tuple and match",
            Law.DAMAGE,
            match(Edit.constant(0xfff, 0xffe)).andThen(Wrapped.words(vid -> vid & 0xffe))),
        fault(
            "DEI_IN_VID",
            "takes DEI for a bit of the VID",
            Law.FREE,
            match(Edit.constant(0xfff, 0x1fff))),
        fault(
            "PCP_IN_VID",
            "takes PCP and DEI for bits of the VID",
            Law.FREE,
            match(Edit.constant(0xfff, 0xffff), Edit.constant(4094, 0xffff))),
        // What push and match agree on.
        fault(
            "ORDER",
            "has the EtherType in front of the tag, in push and match",
            Law.VECTORS,
            Wrapped.order(2, 3, 0, 1)),
        fault(
            "BYTE_ORDER",
            "sends the VID's last byte first, in push and match",
            Law.INDEPENDENT_PARSER,
            Wrapped.order(1, 0)),
        fault(
            "TPID",
            "takes 0x9100 for the TPID of 802.1ad, in push and match",
            Law.INDEPENDENT_PARSER,
            ByteCode.in(
                VlanProvider.class,
                "<clinit>",
                Edit.constant(0x88a8, 0x9100),
                Edit.constant(0x88a8, 0x9100),
                Edit.constant(0x88a8, 0x9100))),
        // What push makes, and what is read beside the identity.
        fault(
            "PCP_OFFSET",
            "has the priority in the second byte",
            Law.ROUND_TRIP,
            tag(Edit.constant(0, 1).number(2))),
        fault(
            "PCP_LOST",
            "does not write the priority",
            Law.FAST_IS_SLOW,
            Wrapped.fields(patches -> List.empty(), checks -> checks)),
        fault("DEI_LOST", "does not set DEI", Law.FAST_IS_SLOW, tag(Edit.constant(0x10, 0))),
        fault(
            "PCP_NOT_TAKEN",
            "takes no priority from a tag",
            Law.FAST_IS_SLOW,
            without(RxCheck.Priority.class)),
        fault(
            "DEI_NOT_TAKEN",
            "takes no drop mark from a tag",
            Law.FAST_IS_SLOW,
            without(RxCheck.DropEligible.class)));
  }

  private static PlantedFault fault(
      String name, String what, Law law, Function<EncapProvider, EncapProvider> plant) {
    return new PlantedFault(name, what, law, plant);
  }

  private static Function<EncapProvider, EncapProvider> without(Class<? extends RxCheck> kind) {
    return Wrapped.fields(patches -> patches, checks -> checks.reject(kind::isInstance));
  }

  private static ByteCode match(Edit... edits) {
    return ByteCode.in(VlanEncap.class, "match", edits);
  }

  private static ByteCode tag(Edit... edits) {
    return ByteCode.in(VlanProvider.class, "tag", edits);
  }
}
