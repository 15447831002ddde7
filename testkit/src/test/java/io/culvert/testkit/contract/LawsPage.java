package io.culvert.testkit.contract;

import io.culvert.testkit.law.Law;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What the page on the laws shows of a run. */
final class LawsPage {
  /** The laws that a contract without tunnels around it judges. */
  private static final EnumSet<Law> JUDGED =
      EnumSet.of(
          Law.ROUND_TRIP,
          Law.PREFIX,
          Law.END,
          Law.TOTAL,
          Law.GUARD,
          Law.IDENTITY,
          Law.FREE,
          Law.PADDING,
          Law.POSITION,
          Law.READ_ONLY,
          Law.VECTORS,
          Law.MIRROR,
          Law.ALLOCATION,
          Law.REFUSAL);

  private LawsPage() {}

  /** A row for each fault, a column for each law. */
  static String matrix(Map<Fault, Set<Law>> killers) {
    StringBuilder text = new StringBuilder("| planted fault | a provider that … |");
    JUDGED.forEach(law -> text.append(' ').append(law.number()).append(" |"));
    text.append("\n| --- | --- |").append(" --- |".repeat(JUDGED.size())).append('\n');
    for (Fault fault : Fault.values()) {
      if (fault != Fault.NONE) {
        text.append("| `").append(fault).append("` | ").append(fault.what()).append(" |");
        for (Law law : JUDGED) {
          boolean isFound = killers.getOrDefault(fault, Set.of()).contains(law);
          text.append(law == fault.law() ? " ● |" : isFound ? " ○ |" : "   |");
        }
        text.append('\n');
      }
    }
    return text.toString();
  }
}
