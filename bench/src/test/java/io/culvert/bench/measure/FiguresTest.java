package io.culvert.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.flowtable.FlowTableConfig;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The measurements run, and fail where frames are not forwarded. Nothing is timed. */
class FiguresTest {
  private static Lane lane(int flows, int offered) {
    Flows all = new Flows(flows, 4);
    Topology topology = new Topology(4, 0);
    RoutedTable table = new RoutedTable(FlowTableConfig.defaults(), topology, all);
    table.fill(0, offered, Duration.ZERO);
    return new Lane(table.table, new TrafficGenerator(topology, all), 1, 0, flows / 2);
  }

  @Test
  void shouldFailIfAFrameIsNotForwarded() {
    Lane lane = lane(64, 31);
    assertThatThrownBy(() -> lane.slice(4))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("was not forwarded");
  }

  @Test
  void shouldNotAskStrangersToBeForwarded() {
    Lane lane = lane(64, 32);
    lane.strangers(32, 32);
    assertThat(lane.slice(4)).isPositive();
    assertThat(lane.ownFrames()).isEqualTo(480);
    lane.strangers(0, 0);
    assertThat(lane.ownFrames()).isEqualTo(512);
  }

  @Test
  void shouldMeasureAgeing() {
    assertThat(AgeingCost.report(2000, 1).lines().skip(2).toList())
        .hasSize(2)
        .allSatisfy(row -> assertThat(row).containsPattern("\\d\\.\\d{3} \\("));
  }

  @Test
  void shouldMeasureTwoWorkers() {
    assertThat(WorkerScaling.report(2000, 1, 4).lines().skip(3).toList())
        .satisfiesExactly(
            row -> assertThat(row).startsWith("1,000 "),
            row -> assertThat(row).startsWith("2,000 "));
  }

  @Test
  void shouldMeasureAFlood() {
    assertThat(FloodCost.report(1, 40).lines().skip(3).toList())
        .hasSize(6)
        .allSatisfy(row -> assertThat(row).containsPattern("random|in order"));
  }

  @Test
  void shouldMeasureEachCollector() {
    String report = CollectorCost.report(1, 1, 4, new PrintWriter(Writer.nullWriter()));
    assertThat(report).contains("Parallel ", "Serial ", "G1 ", "Z ");
  }
}
