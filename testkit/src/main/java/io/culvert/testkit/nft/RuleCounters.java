package io.culvert.testkit.nft;

import io.culvert.testkit.nft.Ruleset.NamedCounter;
import io.culvert.testkit.nft.Ruleset.Place;
import io.culvert.testkit.nft.Ruleset.Rule;
import io.culvert.testkit.nft.Ruleset.Table;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The counters of a ruleset. Not for several threads. */
public final class RuleCounters {

  /**
   * What a counter shows.
   *
   * @param name family, table and name; for one without a name its chain, line and column
   * @param packets packets
   * @param bytes bytes of IP packets, headers included
   */
  public record Reading(String name, long packets, long bytes) {}

  private static final class Cell {
    private long packets;
    private long bytes;

    Cell(long packets, long bytes) {
      this.packets = packets;
      this.bytes = bytes;
    }
  }

  private final Map<String, Cell> cells = new LinkedHashMap<>();

  /** Those without a name, by where they stand. */
  private final Map<Place, Cell> own = new HashMap<>();

  RuleCounters(Ruleset ruleset) {
    for (Table table : ruleset.tables()) {
      for (NamedCounter counter : table.counters()) {
        cells.put(title(table, counter.name()), new Cell(counter.packets(), counter.bytes()));
      }
      table
          .chains()
          .forEach(chain -> chain.rules().forEach(rule -> anonymous(table, chain.name(), rule)));
    }
  }

  private void anonymous(Table table, String chain, Rule rule) {
    for (Statement statement : rule.statements()) {
      if (statement instanceof Statement.Count count && count.name().isEmpty()) {
        Cell cell = new Cell(count.packets(), count.bytes());
        own.put(count.at(), cell);
        cells.put(title(table, chain) + " " + count.at(), cell);
      }
    }
  }

  private static String title(Table table, String name) {
    return table.title() + " " + name;
  }

  void count(Table table, Statement.Count count, int bytes) {
    Cell cell =
        count
            .name()
            .map(name -> cells.get(title(table, name)))
            .getOrElse(() -> own.get(count.at()));
    if (cell == null) {
      throw new IllegalStateException("counter of no ruleset: " + count);
    }
    cell.packets++;
    cell.bytes += bytes;
  }

  Seq<Reading> readings() {
    return List.ofAll(cells.entrySet())
        .map(e -> new Reading(e.getKey(), e.getValue().packets, e.getValue().bytes));
  }
}
