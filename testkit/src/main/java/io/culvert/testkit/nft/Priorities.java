package io.culvert.testkit.nft;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;

/** Reads {@code priority filter}, {@code priority srcnat + 5}, {@code priority -150}. */
final class Priorities {
  private static final Map<String, Integer> NAMES =
      LinkedHashMap.of("raw", -300, "mangle", -150, "dstnat", -100, "filter", 0)
          .put("security", 50)
          .put("srcnat", 100);

  private static final List<String> EXPECTED = NAMES.keySet().toList().append("a number");

  private Priorities() {}

  static int read(Cursor words) {
    words.expect("priority");
    Token token = words.peek();
    if (token.kind() != Token.Kind.WORD) {
      throw words.unexpected(EXPECTED);
    }
    words.take();
    String text = token.text();
    if (!NAMES.containsKey(text)) {
      return number(token, text);
    }
    int offset = 0;
    if (words.isNext("+") || words.isNext("-")) {
      String sign = words.take().text();
      Token distance = words.word("a number");
      offset = number(distance, sign.equals("-") ? "-" + distance.text() : distance.text());
    }
    return NAMES.get(text).get() + offset;
  }

  private static int number(Token token, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException _) {
      throw Cursor.mistake(token, EXPECTED);
    }
  }
}
