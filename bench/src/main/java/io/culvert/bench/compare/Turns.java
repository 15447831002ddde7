package io.culvert.bench.compare;

import io.culvert.bench.CliException;
import io.culvert.bench.measure.Samples;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Lets sides work in turns, a slice each. The first one's time is divided by each other's. */
public final class Turns {
  private final Map<String, String> commands;
  private final int rounds;
  private final boolean isSameWork;
  private final PrintWriter out;
  private final Map<String, String> skipped = new LinkedHashMap<>();
  private final List<Results.Row> rows = new ArrayList<>();
  private final List<Results.Ratio> ratios = new ArrayList<>();

  /**
   * Sides.
   *
   * @param commands by name, in order, for bash; {@code {flows}} and {@code {way}} are replaced
   * @param rounds slices of each
   * @param isSameWork true if all must send the same frames
   * @param out for the table
   */
  public Turns(Map<String, String> commands, int rounds, boolean isSameWork, PrintWriter out) {
    this.commands = commands;
    this.rounds = rounds;
    this.isSameWork = isSameWork;
    this.out = out;
  }

  /** Sides left out so far, with the reason. */
  public Map<String, String> skipped() {
    return skipped;
  }

  /** A row for each side and measurement so far. */
  public List<Results.Row> rows() {
    return rows;
  }

  /** A row for each pair and measurement so far. */
  public List<Results.Ratio> ratios() {
    return ratios;
  }

  /** Starts the sides, compares what they send, and measures. */
  public void measure(int flows, String way) throws IOException {
    List<Side> sides = new ArrayList<>();
    try {
      for (Map.Entry<String, String> command : commands.entrySet()) {
        start(sides, command.getKey(), command.getValue(), flows, way);
      }
      if (isSameWork) {
        check(sides, flows, way);
      }
      run(sides, flows, way);
    } finally {
      sides.forEach(Side::close);
    }
  }

  private void start(List<Side> sides, String name, String command, int flows, String way)
      throws IOException {
    Side side =
        Side.start(name, command.replace("{flows}", Integer.toString(flows)).replace("{way}", way));
    if (side.skipped().isEmpty()) {
      sides.add(side);
      return;
    }
    side.close();
    if (skipped.put(name + ", " + way, side.skipped()) == null) {
      out.printf("skipped: %s, %s: %s%n", name, way, side.skipped());
      out.flush();
    }
  }

  private static void check(List<Side> sides, int flows, String way) throws IOException {
    Map<String, String> shown = new LinkedHashMap<>();
    for (Side side : sides) {
      shown.put(side.name(), side.show());
    }
    FrameAgreement.check(shown, way.equals("into"))
        .ifPresent(difference -> {
          throw CliException.failed(flows + " flows, " + way + ": " + difference);
        });
  }

  private void run(List<Side> sides, int flows, String way) throws IOException {
    List<List<Side.Slice>> slices = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      List<Side.Slice> turn = new ArrayList<>();
      for (Side side : sides) {
        turn.add(side.slice());
      }
      slices.add(turn);
    }
    out.printf(Locale.ROOT, "%,d flows, %s%n", flows, way);
    for (int i = 0; i < sides.size(); i++) {
      add(sides, slices, i, flows, way);
    }
    out.flush();
  }

  private void add(List<Side> sides, List<List<Side.Slice>> slices, int i, int flows, String way) {
    Samples fill = samples(slices, turn -> turn.get(i).fillNs());
    double bytes = samples(slices, turn -> turn.get(i).bytesPerFrame()).quantile(1);
    String name = sides.get(i).name();
    Quartiles ns = Quartiles.of(samples(slices, turn -> turn.get(i).workNs()));
    rows.add(new Results.Row(flows, way, name, ns, fill.median(), bytes));
    out.printf(Locale.ROOT, "  %-16s %-24s ns  %8.4f B", name, ns, bytes);
    if (i > 0) {
      Quartiles times =
          Quartiles.of(samples(slices, turn -> turn.get(0).workNs() / turn.get(i).workNs()));
      Quartiles inAll =
          Quartiles.of(samples(slices, turn -> turn.get(0).inAllNs() / turn.get(i).inAllNs()));
      String first = sides.get(0).name();
      ratios.add(new Results.Ratio(flows, way, first, name, times, inAll));
      out.printf("  %s/%s %s, in all %s", first, name, times, inAll);
    }
    out.println();
  }

  private static Samples samples(
      List<List<Side.Slice>> slices, ToDoubleFunction<List<Side.Slice>> value) {
    Samples samples = new Samples(slices.size());
    slices.forEach(turn -> samples.add(value.applyAsDouble(turn)));
    return samples;
  }
}
