package io.culvert.testkit.nft;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.Supplier;

/** Reads one value, or values between braces. */
final class Sets {
  private Sets() {}

  static <T> Seq<T> read(Cursor words, Supplier<T> value) {
    if (!words.accept("{")) {
      return List.of(value.get());
    }
    List<T> values = List.empty();
    newLines(words);
    while (!words.isNext("}")) {
      // A variable in a set may be a set.
      values = values.appendAll(read(words, value));
      newLines(words);
      if (!words.isNext("}")) {
        words.choose(List.of(",", "}"));
        newLines(words);
      }
    }
    words.expect("}");
    return values;
  }

  private static void newLines(Cursor words) {
    while (words.isNext("\n")) {
      words.take();
    }
  }
}
