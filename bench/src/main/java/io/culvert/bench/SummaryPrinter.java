package io.culvert.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.culvert.bench.replay.ReplaySummary;
import java.util.Map;

/** A replay's summary for people, or as JSON. */
final class SummaryPrinter {
  private SummaryPrinter() {}

  static String asTable(ReplaySummary s) {
    TextTable table = new TextTable("lrl");
    table.row("frames in", number(s.framesIn()), s.snapped() == 0 ? "" : cut(s.snapped()));
    table.row("flows offered", number(s.flowsOffered()), "");
    table.row("offers refused", number(s.offersRefused()), "");
    s.refusals().forEach((why, count) -> table.row("  " + why, number(count), ""));
    table.row("offloadable frames", number(s.offloadable()), share(s.offloadable(), s.framesIn()));
    table.row(
        "fast",
        number(s.fast()),
        s.offloadable() == 0 ? "" : percent(s.fastShare()) + " of the offloadable");
    reasons(table, "slow", s.slowFrames(), s.slow(), s.framesIn());
    reasons(table, "dropped", s.droppedFrames(), s.dropped(), s.framesIn());
    table.row("frames out", number(sum(s.framesOut())), "");
    s.framesOut().forEach((device, count) -> table.row("  " + device, number(count), ""));
    s.counters()
        .forEach(c ->
            table.row("counter " + c.name(), number(c.packets()), number(c.bytes()) + " bytes"));
    return table.toString();
  }

  private static void reasons(
      TextTable table, String what, long total, Map<String, Long> counts, long of) {
    table.row(what, number(total), share(total, of));
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(entry -> table.row("  " + entry.getKey(), number(entry.getValue()), ""));
  }

  private static String cut(long frames) {
    return "(" + number(frames) + " of them cut by the capture's snapshot length)";
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static String number(long value) {
    return String.format("%,d", value);
  }

  private static String share(long part, long whole) {
    return whole == 0 ? "" : percent((double) part / whole);
  }

  private static String percent(double share) {
    return String.format("%.1f %%", 100 * share);
  }

  static String asJson(ReplaySummary s) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("framesIn", s.framesIn());
    root.put("snapped", s.snapped());
    root.put("flowsOffered", s.flowsOffered());
    root.put("offersRefused", s.offersRefused());
    put(root.putObject("refusals"), s.refusals());
    root.put("offloadable", s.offloadable());
    root.put("fast", s.fast());
    root.put("fastShare", s.fastShare());
    root.put("slow", s.slowFrames());
    put(root.putObject("slowReasons"), s.slow());
    root.put("dropped", s.droppedFrames());
    put(root.putObject("dropReasons"), s.dropped());
    put(root.putObject("framesOut"), s.framesOut());
    ObjectNode counters = root.putObject("counters");
    s.counters()
        .forEach(
            c -> counters.putObject(c.name()).put("packets", c.packets()).put("bytes", c.bytes()));
    return root.toString();
  }

  private static void put(ObjectNode node, Map<String, Long> counts) {
    counts.forEach(node::put);
  }
}
