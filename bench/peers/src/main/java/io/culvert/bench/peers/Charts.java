package io.culvert.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;

/**
 * Draws what {@code bench/compare --json} wrote: {@code Charts FOLDER FILE…} makes {@code
 * into-by-flows.svg}, {@code out-by-flows.svg} and {@code layers.svg}, as far as the files have
 * their figures. Of two files with the same row the later one counts.
 */
public final class Charts {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 460;
  private static final String LAYERS = "ipip_gre";

  private static final Map<String, String> LABELS =
      Map.of(
          "exact", "Culvert, exact",
          "hash64", "Culvert, hash64",
          "c", "C by hand",
          "xdp", "XDP in the kernel",
          "onos", "ONOS",
          "pcap4j", "pcap4j");

  /**
   * A median.
   *
   * @param ns nanoseconds of work a frame
   */
  private record Row(int flows, String way, String subject, double ns) {}

  private Charts() {}

  /** Draws. */
  public static void main(String[] words) throws IOException {
    System.setProperty("java.awt.headless", "true");
    Path folder = Path.of(words[0]);
    Files.createDirectories(folder);
    Map<String, Row> flows = new LinkedHashMap<>();
    Map<String, Row> layers = new LinkedHashMap<>();
    for (String file : Arrays.asList(words).subList(1, words.length)) {
      List<Row> rows = read(Path.of(file));
      Map<String, Row> all =
          rows.stream().anyMatch(row -> row.subject().equals(LAYERS)) ? layers : flows;
      rows.forEach(row -> all.put(row.flows() + row.way() + row.subject(), row));
    }
    for (String way : List.of("into", "out")) {
      List<Row> rows = flows.values().stream().filter(row -> row.way().equals(way)).toList();
      if (!rows.isEmpty()) {
        write(byFlows(way, rows), folder.resolve(way + "-by-flows.svg"));
      }
    }
    if (!layers.isEmpty()) {
      write(byLayers(List.copyOf(layers.values())), folder.resolve("layers.svg"));
    }
  }

  private static List<Row> read(Path file) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (JsonNode row : new ObjectMapper().readTree(file.toFile()).path("rows")) {
      rows.add(
          new Row(
              row.path("flows").asInt(),
              row.path("way").asText(),
              row.path("subject").asText(),
              row.path("ns").path("median").asDouble()));
    }
    return rows;
  }

  private static XYChart byFlows(String way, List<Row> rows) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(way.equals("into") ? "Into an IPIP tunnel" : "Out of an IPIP tunnel")
            .xAxisTitle("flows")
            .yAxisTitle("ns of work a packet, median")
            .build();
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    chart.getStyler().setXAxisDecimalPattern("#,##0").setYAxisDecimalPattern("#,##0");
    style(chart.getStyler());
    Map<String, Map<Integer, Double>> lines = new LinkedHashMap<>();
    rows.forEach(row ->
        lines.computeIfAbsent(row.subject(), _ -> new TreeMap<>()).put(row.flows(), row.ns()));
    lines.forEach((subject, points) ->
        chart.addSeries(
            LABELS.getOrDefault(subject, subject),
            List.copyOf(points.keySet()),
            List.copyOf(points.values())));
    return chart;
  }

  private static CategoryChart byLayers(List<Row> rows) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Tunnels, and stacks of two and three layers")
            .yAxisTitle("ns of work a packet, median")
            .build();
    style(chart.getStyler());
    chart.getStyler().setXAxisLabelRotation(20);
    for (String way : List.of("into", "out")) {
      List<Row> those = rows.stream().filter(row -> row.way().equals(way)).toList();
      if (!those.isEmpty()) {
        chart.addSeries(
            way.equals("into") ? "into" : "out of",
            those.stream().map(row -> stack(row.subject())).toList(),
            those.stream().map(Row::ns).toList());
      }
    }
    return chart;
  }

  /** Outermost layer first, as people say it. */
  private static String stack(String subject) {
    return subject.toUpperCase(Locale.ROOT).replace("_", " + ");
  }

  private static void style(Styler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setLegendPosition(Styler.LegendPosition.OutsideE);
  }

  /** Letters are outlines with many coordinates: a tenth of a pixel is enough of each. */
  private static void write(Chart<?, ?> chart, Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
    String text = bytes.toString(StandardCharsets.UTF_8);
    Files.writeString(file, text.replaceAll("(\\.\\d)\\d+", "$1").replace(".0,", ","));
  }
}
