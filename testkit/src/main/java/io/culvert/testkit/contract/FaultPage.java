package io.culvert.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps a table of faults on a page in step with the tests. */
final class FaultPage {
  private FaultPage() {}

  /** Compares the table, or writes it if the build was told so. */
  static void compare(Path page, String test, Seq<PlantedFault> faults) {
    try {
      String text = Files.readString(page);
      String beginMark = "<!-- faults of " + test + ": begin -->\n";
      int begin = text.indexOf(beginMark) + beginMark.length();
      int end = text.indexOf("<!-- faults of " + test + ": end -->");
      assertTrue(
          begin >= beginMark.length() && end >= begin, () -> page + ": no " + beginMark.strip());
      if (Boolean.getBoolean("culvert.laws.write")) {
        Files.writeString(page, text.substring(0, begin) + table(faults) + text.substring(end));
      } else {
        assertEquals(
            table(faults),
            text.substring(begin, end),
            () -> page + ": write it anew with -Dculvert.laws.write=true");
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static String table(Seq<PlantedFault> faults) {
    return faults
        .map(fault ->
            String.format(
                "| `%s` | %s | %d %s |\n",
                fault.name(), fault.what(), fault.law().number(), fault.law().title()))
        .mkString(
            "| planted fault | a module that … | law that finds it |\n| --- | --- | --- |\n",
            "",
            "");
  }
}
