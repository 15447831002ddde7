package io.culvert.testkit.nft;

import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * A ruleset, as {@link NftReader} read it: names are resolved, nothing is evaluated. Immutable.
 *
 * @param file the file's name, for messages
 * @param tables the tables in the order in which they first appear
 */
public record Ruleset(String file, Seq<Table> tables) {

  /**
   * A place in the text.
   *
   * @param line from 1
   * @param column from 1
   */
  public record Place(int line, int column) {
    @Override
    public String toString() {
      return line + ":" + column;
    }
  }

  /** Which packets a table sees. */
  public enum Family {
    /** IPv4 and IPv6. */
    INET("inet"),
    /** IPv4. */
    IP("ip"),
    /** IPv6. */
    IP6("ip6");

    private final String word;

    Family(String word) {
      this.word = word;
    }

    /** The word in a ruleset. */
    public String word() {
      return word;
    }

    /** True if packets of this IP version pass the table. */
    public boolean covers(IpFamily family) {
      return this == INET || (this == IP) == (family == IpFamily.V4);
    }
  }

  /**
   * A table.
   *
   * @param family which packets it sees
   * @param name its name
   * @param flowtables its flowtables
   * @param counters its named counters
   * @param chains its chains
   */
  public record Table(
      Family family,
      String name,
      Seq<Flowtable> flowtables,
      Seq<NamedCounter> counters,
      Seq<Chain> chains) {
    /** A table without anything. */
    static Table empty(Family family, String name) {
      return new Table(family, name, List.empty(), List.empty(), List.empty());
    }

    /** Family and name, as in a command. */
    public String title() {
      return family.word() + " " + name;
    }

    /** The flowtable with this name. */
    public Option<Flowtable> flowtable(String wanted) {
      return flowtables.find(f -> f.name().equals(wanted));
    }
  }

  /**
   * A flowtable.
   *
   * @param name its name
   * @param priority of its ingress hook; lower ones run first
   * @param devices names of its devices
   * @param countsPackets true if {@code counter} stands in it
   * @param isHardware true if {@code flags offload} stands in it
   * @param at where it begins
   */
  public record Flowtable(
      String name,
      int priority,
      Seq<String> devices,
      boolean countsPackets,
      boolean isHardware,
      Place at) {}

  /**
   * A counter with a name.
   *
   * @param name its name
   * @param packets where it begins to count
   * @param bytes where it begins to count
   */
  public record NamedCounter(String name, long packets, long bytes) {}

  /** What a chain is for. */
  public enum Type {
    /** Verdicts. */
    FILTER,
    /** Address translation. */
    NAT
  }

  /** Where a chain stands on a packet's way. */
  public enum Hook {
    /** Before the routing decision. */
    PREROUTING,
    /** To the router itself. */
    INPUT,
    /** From one device to another. */
    FORWARD,
    /** From the router itself. */
    OUTPUT,
    /** Before a packet leaves. */
    POSTROUTING
  }

  /**
   * A base chain.
   *
   * @param name its name
   * @param type what it is for
   * @param hook where it stands
   * @param priority lower ones run first
   * @param accepts true if its policy is to accept
   * @param rules its rules in order
   * @param at where it begins
   */
  public record Chain(
      String name,
      Type type,
      Hook hook,
      int priority,
      boolean accepts,
      Seq<Rule> rules,
      Place at) {}

  /**
   * A rule.
   *
   * @param statements its statements, from left to right
   * @param at where it begins
   */
  public record Rule(Seq<Statement> statements, Place at) {}
}
