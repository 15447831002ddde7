package io.culvert.encap.vlan;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.testkit.replay.OffloadedRouter;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.culvert.testkit.replay.OffloadedRouter.Step;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.scenario.ScenarioError;
import io.culvert.testkit.scenario.ScenarioReader;
import io.vavr.collection.List;
import io.vavr.control.Option;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The drop mark of a frame that comes in by tags and leaves by one; frames by hand. */
class VlanDropMarkTest {
  private static OffloadedRouter router(String outer, String inner, String out) {
    String text =
        """
        link set eth0 address 02:00:00:00:00:01
        link set eth1 address 02:00:00:00:00:02
        link set eth0 up
        link set eth1 up
        link add link eth0 name s up type vlan id 5 proto 802.1ad OUTER
        link add link s name c up type vlan id 6 INNER
        link add link eth1 name o up type vlan id 7 egress-qos-map 0:3 OUT
        addr add 10.1.0.1/24 dev c
        addr add 10.2.0.1/24 dev o
        neigh add 10.1.0.2 lladdr 02:00:00:00:00:12 dev c
        neigh add 10.2.0.2 lladdr 02:00:00:00:00:22 dev o
        """
            .replace("OUTER", outer)
            .replace("INNER", inner)
            .replace("OUT", out);
    var scenario =
        new ScenarioReader(List.of(new VlanProvider()))
            .read("drop-mark", text)
            .getOrElseThrow(
                errors -> new AssertionError(errors.map(ScenarioError::message).mkString()));
    EncapRegistry registry = EncapRegistry.of(new VlanProvider());
    ReferenceRouter slow = ReferenceRouter.of(scenario, registry);
    FlowTable table = new FlowTable(FlowTableConfig.defaults(), registry, slow.network());
    return new OffloadedRouter(slow, Option.some(table), Offload.FIRST, Duration.ZERO);
  }

  /** UDP from 10.1.0.2 to 10.2.0.2 under both tags. */
  private static byte[] frame(boolean outerMark, boolean innerMark) {
    return HexFormat.of()
        .parseHex(
            ("020000000001 020000000012 88a8 "
                    + (outerMark ? "1005" : "0005")
                    + " 8100 "
                    + (innerMark ? "f006" : "e006")
                    + " 0800 4500001c 00004000 4011 26cb 0a010002 0a020002"
                    + "03e8 07d0 0008 0000")
                .replace(" ", ""));
  }

  private static void shouldSend(Step step, Step.Kind kind, boolean mark) {
    assertThat(step.kind()).isEqualTo(kind);
    byte[] sent = step.out().single().frame();
    // PCP 3 by the map, whatever came in; DEI; VID 7.
    assertThat(HexFormat.of().formatHex(sent, 12, 18))
        .isEqualTo("8100" + (mark ? "7007" : "6007") + "0800");
  }

  /** Slow and fast, marked and not, one behind the other: no frame's mark is another's. */
  @ParameterizedTest
  @CsvSource({
    "'', '', '', NONE",
    "'', '', dei on, ALL",
    "dei keep, dei keep, '', NONE",
    "'', '', dei keep, NONE",
    "dei on, dei on, dei keep, NONE",
    "'', dei keep, dei keep, INNER",
    "dei keep, dei keep, dei keep, INNER",
    "dei keep, '', dei keep, OUTER"
  })
  void shouldKeepTheMarkWhereBothDevicesDo(String outer, String inner, String out, String whose) {
    OffloadedRouter router = router(outer, inner, out);
    Step.Kind kind = Step.Kind.SLOW;
    for (int round = 0; round < 3; round++) {
      for (int marks = 0; marks < 4; marks++) {
        boolean outerMark = (marks & 1) != 0;
        boolean innerMark = (marks & 2) != 0;
        boolean expected =
            switch (whose) {
              case "ALL" -> true;
              case "OUTER" -> outerMark;
              case "INNER" -> innerMark;
              default -> false;
            };
        shouldSend(router.process(1, frame(outerMark, innerMark), 0), kind, expected);
        kind = Step.Kind.FAST;
      }
    }
  }
}
