package io.culvert.bench.measure;

import io.culvert.bench.traffic.Way;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What one kind of traffic costs with its own module and with all loaded.
 *
 * @param stack name of the tunnels, without tabs
 * @param way which way through them
 * @param own nanoseconds a frame with its own module alone
 * @param all nanoseconds a frame with all modules
 * @param ratio all by own
 * @param low the ratio's lower bound: a quartile, or the least
 * @param high the ratio's upper bound: a quartile, or the most
 * @param bytes heap allocated per frame
 */
record ModuleCostRow(
    String stack,
    Way way,
    double own,
    double all,
    double ratio,
    double low,
    double high,
    double bytes) {
  /** What a line begins with that another JVM wrote for us, among others that it may write. */
  private static final String MARK = "module-cost";

  /** The row as a line for {@link #read}. */
  String line() {
    return String.join(
        "\t",
        MARK,
        stack,
        way.name(),
        Double.toString(own),
        Double.toString(all),
        Double.toString(ratio),
        Double.toString(low),
        Double.toString(high),
        Double.toString(bytes));
  }

  /** The row in a line; none if it is another kind of line. */
  static Optional<ModuleCostRow> read(String line) {
    String[] words = line.split("\t", -1);
    return words.length != 9 || !words[0].equals(MARK)
        ? Optional.empty()
        : Optional.of(
            new ModuleCostRow(
                words[1],
                Way.valueOf(words[2]),
                Double.parseDouble(words[3]),
                Double.parseDouble(words[4]),
                Double.parseDouble(words[5]),
                Double.parseDouble(words[6]),
                Double.parseDouble(words[7]),
                Double.parseDouble(words[8])));
  }

  /** Rows under a heading. */
  static String table(String heading, List<ModuleCostRow> rows) {
    StringBuilder text = new StringBuilder();
    text.append(heading).append(System.lineSeparator());
    text.append(
        String.format(
            "%-18s %-5s %10s %10s %22s %8s%n",
            "stack", "way", "own, ns", "all, ns", "all / own", "B/frame"));
    for (ModuleCostRow row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-18s %-5s %10.1f %10.1f %8.2f (%.2f..%.2f) %8.4f%n",
              row.stack,
              row.way == Way.INTO_TUNNEL ? "into" : "out",
              row.own,
              row.all,
              row.ratio,
              row.low,
              row.high,
              row.bytes));
    }
    return text.toString();
  }
}
