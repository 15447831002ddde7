package io.culvert.testkit.nft;

import io.culvert.testkit.nft.Ruleset.Chain;
import io.culvert.testkit.nft.Ruleset.Flowtable;
import io.culvert.testkit.nft.Ruleset.NamedCounter;
import io.culvert.testkit.nft.Ruleset.Place;
import io.culvert.testkit.nft.Ruleset.Table;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/** Reads flowtables and counters of a table, and collects its chains. */
final class TableReader {
  static final List<String> PARTS = List.of("flowtable", "counter", "chain");

  private static final List<String> FLOWTABLE_LINES =
      List.of("hook ingress priority N", "devices = { DEVICE, … }", "counter", "flags offload");

  private final Cursor words;
  private Table table;

  TableReader(Cursor words, Table table) {
    this.words = words;
    this.table = table;
  }

  Table table() {
    return table;
  }

  /** A chain; one of a name that is there already goes on where that ended. */
  void add(Chain chain) {
    Option<Chain> first = table.chains().find(c -> c.name().equals(chain.name()));
    Chain all =
        first
            .map(f ->
                new Chain(
                    f.name(),
                    chain.type(),
                    chain.hook(),
                    chain.priority(),
                    chain.accepts(),
                    f.rules().appendAll(chain.rules()),
                    f.at()))
            .getOrElse(chain);
    table =
        new Table(
            table.family(),
            table.name(),
            table.flowtables(),
            table.counters(),
            first.isEmpty()
                ? table.chains().append(all)
                : table.chains().replace(first.get(), all));
  }

  void part(String part, Place at) {
    if (part.equals("counter")) {
      counter();
    } else {
      flowtable(at);
    }
  }

  private void counter() {
    Token at = words.peek();
    String name = words.name("the counter's name");
    if (table.counters().exists(c -> c.name().equals(name))) {
      throw new NftMistake(at.at(), "counter " + name + " is there already", List.empty());
    }
    long packets = 0;
    long bytes = 0;
    words.expect("{");
    words.skipSeparators();
    while (!words.accept("}")) {
      if (words.choose(List.of("packets", "bytes", "}")).equals("packets")) {
        packets = count();
        words.expect("bytes");
      }
      bytes = count();
      words.skipSeparators();
    }
    table =
        new Table(
            table.family(),
            table.name(),
            table.flowtables(),
            table.counters().append(new NamedCounter(name, packets, bytes)),
            table.chains());
  }

  private long count() {
    return words.number("a number", 0, Long.MAX_VALUE);
  }

  private void flowtable(Place at) {
    String name = words.name("the flowtable's name");
    Flowtable made = new Flowtable(name, 0, List.empty(), false, false, at);
    if (table.flowtable(name).isDefined()) {
      throw new NftMistake(at, "flowtable " + name + " is there already", List.empty());
    }
    boolean isHooked = false;
    words.expect("{");
    words.skipSeparators();
    while (!words.isNext("}")) {
      isHooked |= words.isNext("hook");
      made = line(made);
      words.endStatement(List.empty());
    }
    if (!isHooked) {
      throw words.unexpected(List.of("hook ingress priority N"));
    }
    words.expect("}");
    table =
        new Table(
            table.family(),
            table.name(),
            table.flowtables().append(made),
            table.counters(),
            table.chains());
  }

  private Flowtable line(Flowtable f) {
    if (words.accept("hook")) {
      words.expect("ingress");
      int priority = Priorities.read(words);
      return new Flowtable(
          f.name(), priority, f.devices(), f.countsPackets(), f.isHardware(), f.at());
    }
    if (words.accept("devices")) {
      words.expect("=");
      Seq<String> devices = devices();
      return new Flowtable(
          f.name(), f.priority(), devices, f.countsPackets(), f.isHardware(), f.at());
    }
    if (words.accept("counter")) {
      return new Flowtable(f.name(), f.priority(), f.devices(), true, f.isHardware(), f.at());
    }
    if (words.accept("flags")) {
      words.expect("offload");
      return new Flowtable(f.name(), f.priority(), f.devices(), f.countsPackets(), true, f.at());
    }
    throw words.unexpected(FLOWTABLE_LINES.append("}"));
  }

  private Seq<String> devices() {
    return Sets.read(words, () -> words.word("a device's name").text()).distinct();
  }
}
