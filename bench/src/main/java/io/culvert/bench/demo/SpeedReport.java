package io.culvert.bench.demo;

import io.culvert.bench.measure.Measurement.Result;
import io.culvert.bench.traffic.Way;
import java.io.PrintWriter;
import java.util.List;

/**
 * The measurement as text. For each kind of traffic the results stand in the order of the paths:
 * the classic one, exact, hash.
 */
final class SpeedReport {
  private final List<Result> results;
  private final int paths;

  SpeedReport(List<Result> results, int paths) {
    this.results = results;
    this.paths = paths;
  }

  void print(PrintWriter out) {
    out.printf(
        "%n  %-28s %14s %11s %16s %9s %9s%n",
        "", "frames/s", "ns/frame", "quartiles", "Gbit/s", "ratio");
    for (int first = 0; first < results.size(); first += paths) {
      Result classic = results.get(first);
      out.printf(
          "  %s, %,d byte frames%n", classic.kind().way().label(), classic.kind().frameLength());
      for (int path = 0; path < paths; path++) {
        Result result = results.get(first + path);
        out.printf(
            "    %-26s %12.1f M %11.1f %16s %9.1f %9.2f%n",
            result.path(),
            result.framesPerSecond() / 1e6,
            result.workNs().median(),
            String.format(
                "%.1f .. %.1f", result.workNs().quantile(0.25), result.workNs().quantile(0.75)),
            result.gigabitsPerSecond(),
            result.speedUpOver(classic));
      }
    }
    Result any = results.getFirst();
    out.printf(
        "%n  CPU time, medians of %,d rounds in turns; writing a frame (%.1f ns) is subtracted.%n"
            + "  Gbit/s counts the frame outside the tunnel; only headers are touched.%n",
        any.workNs().size(), any.fillNs().median());
    out.printf(
        "  Heap allocated per frame, all paths: %s.%n",
        results.stream().mapToDouble(Result::bytesPerFrame).max().orElse(0) < 0.01
            ? "none"
            : String.format(
                "up to %.2f bytes",
                results.stream().mapToDouble(Result::bytesPerFrame).max().orElse(0)));
    printExactAgainstHash(out);
    printPatch(out);
  }

  private void printExactAgainstHash(PrintWriter out) {
    out.printf("  Exact match against hash64, time per frame:");
    for (int first = 0; first < results.size(); first += paths) {
      Result exact = results.get(first + 1);
      Result hash = results.get(first + 2);
      out.printf(
          "%s %s %,d bytes %+.0f %%",
          first == 0 ? "" : ",",
          exact.kind().way().label(),
          exact.kind().frameLength(),
          100 * (hash.speedUpOver(exact) - 1));
    }
    out.printf(".%n");
  }

  private void printPatch(PrintWriter out) {
    out.printf("%n  The kernel patch's own figures (other machine, TCP over real devices):%n");
    printPatch(out, Way.OUT_OF_TUNNEL, 35, 49);
    printPatch(out, Way.INTO_TUNNEL, 41, 40);
    out.printf("  Compare the ratios, not the Gbit/s: nothing here crosses a wire.%n");
  }

  private void printPatch(PrintWriter out, Way way, int before, int after) {
    for (int first = 0; first < results.size(); first += paths) {
      Result classic = results.get(first);
      Result exact = results.get(first + 1);
      if (classic.kind().way() == way && classic.kind().frameLength() == 1500) {
        out.printf(
            "    %-18s  patch %d -> %d Gbit/s (ratio %.2f); here, 1,500 byte frames, one core"
                + " %.0f -> %.0f Gbit/s (ratio %.2f)%n",
            way.label(),
            before,
            after,
            (double) after / before,
            classic.gigabitsPerSecond(),
            exact.gigabitsPerSecond(),
            exact.speedUpOver(classic));
      }
    }
  }
}
