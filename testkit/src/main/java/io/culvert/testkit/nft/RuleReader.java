package io.culvert.testkit.nft;

import io.culvert.testkit.nft.Ruleset.Place;
import io.culvert.testkit.nft.Ruleset.Rule;
import io.culvert.testkit.nft.Statement.Field;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;

/** Reads one rule. */
final class RuleReader {
  private static final Map<String, Map<String, Field>> MATCHES =
      LinkedHashMap.of(
              "meta",
              fields(
                  "iifname",
                  Field.IIFNAME,
                  "oifname",
                  Field.OIFNAME,
                  "l4proto",
                  Field.L4PROTO,
                  "nfproto",
                  Field.NFPROTO),
              "ip",
              fields(
                  "saddr", Field.IP_SADDR, "daddr", Field.IP_DADDR, "protocol", Field.IP_PROTOCOL))
          .put(
              "ip6",
              fields(
                  "saddr", Field.IP6_SADDR, "daddr", Field.IP6_DADDR, "nexthdr", Field.IP6_NEXTHDR))
          .put("tcp", fields("sport", Field.TCP_SPORT, "dport", Field.TCP_DPORT))
          .put("udp", fields("sport", Field.UDP_SPORT, "dport", Field.UDP_DPORT))
          .put("th", fields("sport", Field.TH_SPORT, "dport", Field.TH_DPORT))
          .put("ct", fields("state", Field.CT_STATE));

  private static final Map<String, Field> BARE =
      fields("iifname", Field.IIFNAME, "oifname", Field.OIFNAME);

  private static final List<String> STATEMENTS =
      BARE.keySet()
          .toList()
          .appendAll(MATCHES.toList().map(m -> m._1 + " " + m._2.keySet().mkString("|")))
          .appendAll(List.of("counter", "flow add @FLOWTABLE", "accept", "drop"))
          .appendAll(List.of("masquerade", "snat to", "dnat to", "redirect", "comment"));

  private final Cursor words;
  private List<Statement> statements = List.empty();

  RuleReader(Cursor words) {
    this.words = words;
  }

  private static Map<String, Field> fields(Object... pairs) {
    Map<String, Field> fields = LinkedHashMap.empty();
    for (int i = 0; i < pairs.length; i += 2) {
      fields = fields.put((String) pairs[i], (Field) pairs[i + 1]);
    }
    return fields;
  }

  Rule rule() {
    Place at = words.place();
    boolean isOver = false;
    while (!words.isAtStatementEnd()) {
      if (isOver && !words.isNext("comment")) {
        throw words.unexpected(List.of("comment", "end of line", ";"));
      }
      Option<Statement> statement = statement();
      isOver |= statement.exists(s -> s instanceof Statement.Verdict || s instanceof Statement.Nat);
      statements = statements.appendAll(statement);
    }
    return new Rule(statements, at);
  }

  private Option<Statement> statement() {
    Place at = words.place();
    String word = words.peek().kind() == Token.Kind.WORD ? words.peek().text() : "";
    if (BARE.containsKey(word)) {
      words.take();
      return Option.some(match(BARE.get(word).get()));
    }
    if (MATCHES.containsKey(word)) {
      words.take();
      Map<String, Field> fields = MATCHES.get(word).get();
      return Option.some(match(fields.get(words.choose(fields.keySet().toList())).get()));
    }
    if (word.equals("comment")) {
      words.take();
      words.word("a text between quotes");
      return Option.none();
    }
    return Option.some(
        switch (word) {
          case "counter" -> counter(at);
          case "accept", "drop" -> new Statement.Verdict(words.take().is("accept"));
          case "flow" -> flow();
          case "masquerade", "snat", "dnat", "redirect" -> new NatReader(words).read(at);
          default -> throw words.unexpected(STATEMENTS);
        });
  }

  private Statement match(Field field) {
    boolean isNegated = words.accept("!=");
    if (!isNegated) {
      words.accept("==");
    }
    return new Statement.Match(field, isNegated, new Operands(words).read(field));
  }

  private Statement counter(Place at) {
    words.take();
    if (words.accept("name")) {
      return new Statement.Count(Option.some(words.name("the counter's name")), 0, 0, at);
    }
    if (words.accept("packets")) {
      long packets = words.number("a number", 0, Long.MAX_VALUE);
      words.expect("bytes");
      long bytes = words.number("a number", 0, Long.MAX_VALUE);
      return new Statement.Count(Option.none(), packets, bytes, at);
    }
    return new Statement.Count(Option.none(), 0, 0, at);
  }

  private Statement flow() {
    words.take();
    words.choose(List.of("add", "offload"));
    Token name = words.word("@FLOWTABLE");
    if (!name.text().matches("@.+")) {
      throw Cursor.mistake(name, List.of("@FLOWTABLE"));
    }
    return new Statement.FlowAdd(name.text().substring(1));
  }
}
