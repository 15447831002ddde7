package io.culvert.testkit.nft;

import io.culvert.testkit.nft.Ruleset.Family;
import io.culvert.testkit.nft.Ruleset.Place;
import io.culvert.testkit.nft.Ruleset.Table;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.util.ArrayList;

/**
 * Reads rulesets as {@code nft -f} does: {@code table} blocks of the families inet, ip and ip6 with
 * flowtables, named counters and base chains, {@code flush ruleset} and {@code define}.
 *
 * <p>All mistakes of a text are reported, each with its line and column and what could have stood
 * there. What the language has beyond that is such a mistake; so is {@code include}, since a
 * ruleset is one text.
 */
public final class NftReader {
  private static final List<String> COMMANDS = List.of("table", "flush ruleset", "define");

  private final java.util.List<NftError> errors = new ArrayList<>();
  private final String file;
  private Map<String, Table> tables = LinkedHashMap.empty();

  private NftReader(String file) {
    this.file = file;
  }

  /**
   * Reads a text.
   *
   * @param file its name, for messages
   * @param text the ruleset
   * @return the ruleset, or all mistakes, at least one
   */
  public static Either<Seq<NftError>, Ruleset> read(String file, String text) {
    NftReader reader = new NftReader(file);
    try {
      reader.commands(new Cursor(Token.of(text)));
    } catch (NftMistake mistake) {
      reader.report(mistake);
    }
    if (reader.errors.isEmpty()) {
      reader.tables.values().forEach(table -> References.check(table, reader::report));
    }
    return reader.errors.isEmpty()
        ? Either.right(new Ruleset(file, reader.tables.values().toList()))
        : Either.left(List.ofAll(reader.errors));
  }

  private void report(NftMistake mistake) {
    errors.add(mistake.in(file));
  }

  private void commands(Cursor words) {
    statements(words, () -> command(words));
    if (!words.isAtEnd()) {
      throw words.unexpected(COMMANDS);
    }
  }

  /** Statements up to a closing brace or the end; a mistake ends one of them only. */
  private void statements(Cursor words, Runnable statement) {
    int depth = words.depth();
    words.skipSeparators();
    while (!words.isNext("}") && !words.isAtEnd()) {
      try {
        statement.run();
      } catch (NftMistake mistake) {
        report(mistake);
        words.skipStatement(depth);
      }
      words.skipSeparators();
    }
  }

  private void command(Cursor words) {
    if (words.isNext("include")) {
      throw new NftMistake(
          words.place(), "found 'include', but a ruleset is one file here", COMMANDS);
    }
    if (words.accept("table")) {
      table(words);
    } else if (words.accept("flush")) {
      words.expect("ruleset");
      tables = LinkedHashMap.empty();
    } else if (words.accept("define")) {
      define(words);
    } else {
      throw words.unexpected(COMMANDS);
    }
    words.endStatement(List.empty());
  }

  private static void define(Cursor words) {
    String name = words.name("a name for the variable");
    words.expect("=");
    List<Token> value = List.empty();
    int depth = words.depth();
    while (!words.isAtEnd() && (words.depth() > depth || !words.isAtStatementEnd())) {
      Token token = words.take();
      if (token.kind() != Token.Kind.SEPARATOR) {
        value = value.append(token);
      }
    }
    if (value.isEmpty()) {
      throw words.unexpected(List.of("a value, or values between { and }"));
    }
    words.define(name, value);
  }

  private void table(Cursor words) {
    List<Family> families = List.of(Family.values());
    boolean isNamed = families.exists(f -> words.isNext(f.word()));
    List<String> expected = families.map(Family::word).append("NAME");
    if (!isNamed && words.peek().kind() != Token.Kind.WORD) {
      throw words.unexpected(expected);
    }
    Token first = words.take();
    // Without a family nft means ip.
    Family family = families.find(f -> f.word().equals(first.text())).getOrElse(Family.IP);
    if (!isNamed && !words.isNext("{")) {
      throw Cursor.mistake(first, families.map(Family::word));
    }
    String name = isNamed ? words.name("the table's name") : first.text();
    Table empty = Table.empty(family, name);
    TableReader table = new TableReader(words, tables.get(empty.title()).getOrElse(empty));
    words.expect("{");
    statements(words, () -> part(words, table));
    close(words, TableReader.PARTS);
    tables = tables.put(empty.title(), table.table());
  }

  private void part(Cursor words, TableReader table) {
    Place at = words.place();
    String part = words.choose(TableReader.PARTS);
    if (part.equals("chain")) {
      ChainReader chain = new ChainReader(words, words.name("the chain's name"), at);
      words.expect("{");
      statements(words, chain::line);
      close(words, ChainReader.LINES);
      table.add(chain.chain());
    } else {
      table.part(part, at);
    }
    words.endStatement(List.empty());
  }

  private static void close(Cursor words, Seq<String> lines) {
    if (!words.accept("}")) {
      throw words.unexpected(lines.append("}"));
    }
  }
}
