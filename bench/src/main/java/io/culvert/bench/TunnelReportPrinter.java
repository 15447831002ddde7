package io.culvert.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.culvert.bench.tunnel.TunnelReport;
import io.culvert.bench.tunnel.TunnelReport.Count;
import io.culvert.bench.tunnel.TunnelReport.Line;
import java.util.List;

/** A report of {@code strip} or {@code wrap} for people, or as JSON. */
final class TunnelReportPrinter {
  /** More lines are for programs. */
  private static final int MOST_LINES = 50;

  private TunnelReportPrinter() {}

  static String asTable(TunnelReport report) {
    TextTable table = new TextTable("rrrl");
    table.row("PACKETS", "BYTES IN", "BYTES OUT", "STACK");
    lines(table, report.stacks());
    table.row(cells(report.all(), "all frames"));
    if (!report.leftAlone().isEmpty()) {
      table.row("PACKETS", "BYTES IN", "BYTES OUT", "LEFT ALONE");
      lines(table, report.leftAlone());
    }
    return table.toString();
  }

  private static void lines(TextTable table, List<Line> lines) {
    lines.stream().limit(MOST_LINES).forEach(line -> table.row(cells(line.count(), line.key())));
    if (lines.size() > MOST_LINES) {
      table.row("", "", "", "and " + (lines.size() - MOST_LINES) + " more; --json has them all");
    }
  }

  private static String[] cells(Count count, String what) {
    return new String[] {
      String.format("%,d", count.packets()),
      String.format("%,d", count.bytesIn()),
      String.format("%,d", count.bytesOut()),
      what
    };
  }

  static String asJson(TunnelReport report) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    put(root.putObject("all"), report.all());
    ObjectNode stacks = root.putObject("stacks");
    report.stacks().forEach(line -> put(stacks.putObject(line.key()), line.count()));
    ObjectNode leftAlone = root.putObject("leftAlone");
    report.leftAlone().forEach(line -> put(leftAlone.putObject(line.key()), line.count()));
    return root.toString();
  }

  private static void put(ObjectNode node, Count count) {
    node.put("packets", count.packets());
    node.put("bytesIn", count.bytesIn());
    node.put("bytesOut", count.bytesOut());
  }
}
