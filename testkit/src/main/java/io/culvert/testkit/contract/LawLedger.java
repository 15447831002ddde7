package io.culvert.testkit.contract;

import io.culvert.testkit.law.Law;
import io.culvert.testkit.law.Violation;
import io.vavr.control.Option;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.LongAdder;

/**
 * How often each law was judged for one contract, so that a suite that judged nothing is seen. For
 * any threads.
 */
final class LawLedger {
  private static final Map<Class<?>, LawLedger> LEDGERS = new ConcurrentHashMap<>();

  private final Map<Law, LongAdder> cases = new EnumMap<>(Law.class);
  private final Map<Law, Set<String>> nothing = new EnumMap<>(Law.class);
  private final Set<String> notes = new ConcurrentSkipListSet<>();
  private final LongAdder properties = new LongAdder();

  private LawLedger() {
    for (Law law : Law.values()) {
      cases.put(law, new LongAdder());
    }
  }

  /** The ledger of a contract's class. */
  static LawLedger of(Class<?> contract) {
    return LEDGERS.computeIfAbsent(contract, _ -> new LawLedger());
  }

  /** Takes a law's answer down; a violation becomes an error. */
  void holds(Law law, Option<Violation> answer) {
    cases(law).increment();
    if (answer.isDefined()) {
      throw new LawViolated(answer.get());
    }
  }

  /** A law has nothing to judge in a case. */
  void nothing(Law law, String why) {
    synchronized (nothing) {
      nothing.computeIfAbsent(law, _ -> new TreeSet<>()).add(why);
    }
  }

  /** A line for the report. */
  void note(String text) {
    notes.add(text);
  }

  /** A property has run to its end. */
  void ran() {
    properties.increment();
  }

  /** Properties that have run. */
  int propertiesRun() {
    return properties.intValue();
  }

  /** Cases judged by a law. */
  long judged(Law law) {
    return cases(law).sum();
  }

  private LongAdder cases(Law law) {
    return cases.computeIfAbsent(law, _ -> new LongAdder());
  }

  /** The first law that was to be judged, and was not; none if there is a reason for each. */
  Option<String> unjudged(Iterable<Law> expected) {
    for (Law law : expected) {
      if (judged(law) == 0 && reasons(law).isEmpty()) {
        return Option.some("law " + law.number() + " (" + law.title() + ") judged no case");
      }
    }
    return Option.none();
  }

  private String reasons(Law law) {
    synchronized (nothing) {
      return String.join("; ", nothing.getOrDefault(law, Set.of()));
    }
  }

  /** Cases by law, as a table. */
  String report(String title) {
    StringBuilder text = new StringBuilder(title).append("\n   law    cases\n");
    for (Law law : Law.values()) {
      String why = reasons(law);
      text.append(
          String.format(
              "    %2d %,8d  %s%s%n",
              law.number(),
              judged(law),
              law.title(),
              why.isEmpty() || judged(law) > 0 ? "" : " [nothing to judge for " + why + "]"));
    }
    notes.forEach(note -> text.append("   ").append(note).append('\n'));
    return text.toString();
  }
}
