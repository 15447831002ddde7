package io.culvert.bench.measure;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.Topology;
import io.culvert.flowtable.MatchMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Bytes that flows and tunnels cost, by match mode: native memory as the table says, heap as used.
 */
public final class MemoryPerFlow {
  private static final int FLOWS = 1_000_000;
  private static final int TUNNELS = 4_000;
  private static final int COLLECTIONS = 4;

  private MemoryPerFlow() {}

  /**
   * What one mode takes.
   *
   * @param mode the mode
   * @param nativePerFlow bytes of native memory for the table's capacity, per direction
   * @param heapPerFlow bytes of heap per flow, both directions
   * @param heapPerTunnel bytes of heap per tunnel stack beyond that
   */
  public record Row(
      MatchMode mode, double nativePerFlow, double heapPerFlow, double heapPerTunnel) {
    /** All that a flow takes, per direction. */
    double allPerDirection() {
      return nativePerFlow + heapPerFlow / 2;
    }
  }

  /** Measures all modes. */
  public static List<Row> measure() {
    List<Row> rows = new ArrayList<>();
    heap(MatchMode.EXACT, FLOWS / 10, 1); // Loads the classes.
    for (MatchMode mode : MatchMode.values()) {
      double few = heap(mode, FLOWS, 1);
      double many = heap(mode, FLOWS, TUNNELS);
      long memory =
          new FlowtablePath(new Topology(1, 0), new Flows(FLOWS, 1), mode)
              .table()
              .memoryUse()
              .nativeBytes();
      long templates =
          new FlowtablePath(new Topology(1, 0), new Flows(1, 1), mode)
              .table()
              .memoryUse()
              .nativeBytes();
      rows.add(
          new Row(
              mode,
              (double) (memory - templates) / (2L * FLOWS),
              few / FLOWS,
              (many - few) / TUNNELS));
    }
    return rows;
  }

  /** Bytes of heap that a table with its flows keeps alive. */
  private static double heap(MatchMode mode, int flows, int tunnels) {
    Topology topology = new Topology(tunnels, 0);
    Flows all = new Flows(flows, tunnels);
    long before = used();
    FlowtablePath path = new FlowtablePath(topology, all, mode);
    long after = used();
    if (path.table().size() != flows) {
      throw new IllegalStateException("flows: " + path.table().size());
    }
    return after - before;
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** The rows as text. */
  public static String report() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%n%,d IPv4 flows, 1 and %,d tunnels%n"
                    + "MODE    NATIVE B/FLOW AND DIRECTION  HEAP B/FLOW  ALL B/FLOW AND DIRECTION"
                    + "  HEAP B/TUNNEL%n",
                FLOWS,
                TUNNELS));
    for (Row row : measure()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-7s %27.1f  %11.1f  %24.1f  %13.0f%n",
              row.mode(),
              row.nativePerFlow(),
              row.heapPerFlow(),
              row.allPerDirection(),
              row.heapPerTunnel()));
    }
    return text.append(
            "NATIVE: entries, index and the control path's rows for the table's capacity."
                + " HEAP: what is left.")
        .toString();
  }
}
