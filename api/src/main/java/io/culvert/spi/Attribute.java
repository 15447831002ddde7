package io.culvert.spi;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.MacAddress;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.TreeMap;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** A word of the scenario language behind {@code type NAME}, and how its value is read. */
public sealed interface Attribute {
  /** The word. */
  String word();

  /** The field of {@link Settings} that it sets. */
  default String field() {
    return word();
  }

  /** True if a value follows the word. */
  default boolean takesValue() {
    return true;
  }

  /**
   * True if the next token belongs to the value too.
   *
   * @param taken tokens that the value has already
   * @param next the next token
   */
  default boolean takes(int taken, String next) {
    return takesValue() && taken == 0;
  }

  /** What may follow, for messages. */
  String expected();

  /**
   * Reads the value, its tokens separated by single blanks; the left side is what is wrong with it.
   */
  Either<String, Value> read(String text);

  /** True if the field may hold this value. */
  boolean accepts(Value value);

  /**
   * A word without value.
   *
   * @param word the word
   * @param field the field that it sets
   * @param on what it sets it to
   */
  record Flag(String word, String field, boolean on) implements Attribute {
    @Override
    public boolean takesValue() {
      return false;
    }

    @Override
    public String expected() {
      return "nothing";
    }

    @Override
    public boolean accepts(Value value) {
      return value instanceof Value.Flag;
    }

    @Override
    public Either<String, Value> read(String text) {
      return Either.right(new Value.Flag(on));
    }
  }

  /**
   * A number, or one of some words in its place.
   *
   * @param word the word
   * @param least smallest allowed
   * @param most largest allowed
   * @param base base of a number without prefix: 10, or 16 for a DS field; 0x marks base 16 always
   * @param words words allowed instead, such as {@code inherit}
   */
  @SuppressWarnings("AvoidCommonTypeNames") // Always written Attribute.Number.
  record Number(String word, long least, long most, int base, Seq<String> words)
      implements Attribute {
    @Override
    public String expected() {
      return "a number "
          + least
          + ".."
          + most
          + (base == 16 ? " (hexadecimal)" : "")
          + words.map(w -> " or " + w).mkString();
    }

    @Override
    public boolean accepts(Value value) {
      return switch (value) {
        case Value.Num(long number) -> number >= least && number <= most;
        case Value.Word(String text) -> words.contains(text);
        default -> false;
      };
    }

    @Override
    public Either<String, Value> read(String text) {
      if (words.contains(text)) {
        return Either.right(new Value.Word(text));
      }
      boolean hex = text.startsWith("0x") || text.startsWith("0X");
      try {
        long number = Long.parseLong(hex ? text.substring(2) : text, hex ? 16 : base);
        if (number >= least && number <= most) {
          return Either.right(new Value.Num(number));
        }
      } catch (NumberFormatException _) {
        // Said below, together with numbers out of range.
      }
      return Either.left("'" + text + "' is not " + expected());
    }
  }

  /**
   * Two numbers, the first not above the second.
   *
   * @param word the word
   * @param least smallest allowed
   * @param most largest allowed
   */
  record Range(String word, int least, int most) implements Attribute {
    @Override
    public boolean takes(int taken, String next) {
      return taken < 2;
    }

    @Override
    public String expected() {
      return "two numbers " + least + ".." + most + ", the smaller one first";
    }

    @Override
    public boolean accepts(Value value) {
      return value instanceof Value.Range(int from, int to)
          && least <= from
          && from <= to
          && to <= most;
    }

    @Override
    public Either<String, Value> read(String text) {
      if (text.matches("\\d{1,9} \\d{1,9}")) {
        int blank = text.indexOf(' ');
        Value range =
            new Value.Range(
                Integer.parseInt(text.substring(0, blank)),
                Integer.parseInt(text.substring(blank + 1)));
        if (accepts(range)) {
          return Either.right(range);
        }
      }
      return Either.left("'" + text + "' is not " + expected());
    }
  }

  /**
   * Pairs {@code FROM:TO} of numbers, one or more.
   *
   * @param word the word
   * @param mostFrom largest number in front of the colon; the smallest is 0
   * @param mostTo largest number behind it
   */
  record Mapping(String word, int mostFrom, int mostTo) implements Attribute {
    @Override
    public boolean takes(int taken, String next) {
      return taken == 0 || next.matches("\\d+:\\d+");
    }

    @Override
    public String expected() {
      return "pairs FROM:TO of numbers 0.." + mostFrom + " and 0.." + mostTo;
    }

    @Override
    public boolean accepts(Value value) {
      return value instanceof Value.Mapping(Map<Integer, Integer> entries)
          && entries.forAll(e -> e._1 >= 0 && e._1 <= mostFrom && e._2 >= 0 && e._2 <= mostTo);
    }

    @Override
    public Either<String, Value> read(String text) {
      Map<Integer, Integer> entries = TreeMap.empty();
      for (String pair : text.split(" ", -1)) {
        if (!pair.matches("\\d{1,9}:\\d{1,9}")) {
          return Either.left("'" + pair + "' is not " + expected());
        }
        int colon = pair.indexOf(':');
        entries =
            entries.put(
                Integer.parseInt(pair.substring(0, colon)),
                Integer.parseInt(pair.substring(colon + 1)));
      }
      Value mapping = new Value.Mapping(entries);
      return accepts(mapping)
          ? Either.right(mapping)
          : Either.left("'" + text + "' is not " + expected());
    }
  }

  /**
   * An IP address.
   *
   * @param word the word
   * @param family the family that it must have, if only one will do
   */
  record Address(String word, Option<IpFamily> family) implements Attribute {
    @Override
    public String expected() {
      return family
          .map(f -> f == IpFamily.V4 ? "an IPv4 address" : "an IPv6 address")
          .getOrElse("an IP address");
    }

    @Override
    public boolean accepts(Value value) {
      return value instanceof Value.Ip(IpAddress address)
          && family.forAll(f -> f == address.family());
    }

    @Override
    public Either<String, Value> read(String text) {
      // "any" is ip(8)'s word for the unspecified address.
      String literal = !text.equals("any") ? text : family.contains(IpFamily.V6) ? "::" : "0.0.0.0";
      return IpAddress.parse(literal)
          .filterOrElse(
              a -> family.forAll(f -> f == a.family()), _ -> "'" + text + "' is not " + expected())
          .map(Value.Ip::new);
    }
  }

  /**
   * An address with a prefix length, kept as the word that it was written as.
   *
   * @param word the word
   * @param family the family that it must have
   */
  record Prefix(String word, IpFamily family) implements Attribute {
    @Override
    public String expected() {
      return "an " + (family == IpFamily.V4 ? "IPv4" : "IPv6") + " prefix, ADDRESS/LENGTH";
    }

    @Override
    public boolean accepts(Value value) {
      return value instanceof Value.Word(String text)
          && IpPrefix.parse(text).exists(p -> p.address().family() == family);
    }

    @Override
    public Either<String, Value> read(String text) {
      Value prefix = new Value.Word(text);
      return accepts(prefix)
          ? Either.right(prefix)
          : Either.left("'" + text + "' is not " + expected());
    }
  }

  /**
   * A MAC address.
   *
   * @param word the word
   */
  record HardwareAddress(String word) implements Attribute {
    @Override
    public String expected() {
      return "a MAC address";
    }

    @Override
    public boolean accepts(Value value) {
      return value instanceof Value.Mac;
    }

    @Override
    public Either<String, Value> read(String text) {
      return MacAddress.parse(text).map(Value.Mac::new);
    }
  }

  /**
   * The name of a device.
   *
   * @param word the word
   */
  record DeviceName(String word) implements Attribute {
    @Override
    public String expected() {
      return "a device's name";
    }

    @Override
    public boolean accepts(Value value) {
      return value instanceof Value.Word;
    }

    @Override
    public Either<String, Value> read(String text) {
      return Either.right(new Value.Word(text));
    }
  }

  /**
   * One of some words.
   *
   * @param word the word
   * @param words the allowed values
   */
  record Keyword(String word, Seq<String> words) implements Attribute {
    @Override
    public String expected() {
      return words.mkString("one of ", ", ", "");
    }

    @Override
    public boolean accepts(Value value) {
      return value instanceof Value.Word(String text) && words.contains(text);
    }

    @Override
    public Either<String, Value> read(String text) {
      return words.contains(text)
          ? Either.right(new Value.Word(text))
          : Either.left("'" + text + "' is not " + expected());
    }
  }

  /**
   * A number of 64 bits without sign, kept as a word in hexadecimal: {@code 0xff}.
   *
   * @param word the word
   */
  record Bits(String word) implements Attribute {
    @Override
    public String expected() {
      return "a number of 64 bits, such as 0xff";
    }

    @Override
    public boolean accepts(Value value) {
      return value instanceof Value.Word(String text) && of(text).isDefined();
    }

    @Override
    public Either<String, Value> read(String text) {
      return of(text)
          .<Value>map(bits -> new Value.Word("0x" + Long.toHexString(bits)))
          .toEither("'" + text + "' is not " + expected());
    }

    /** The bits that a word says, with or without {@code 0x}; none if it says none. */
    public static Option<Long> of(String text) {
      boolean hex = text.startsWith("0x") || text.startsWith("0X");
      try {
        return Option.some(Long.parseUnsignedLong(hex ? text.substring(2) : text, hex ? 16 : 10));
      } catch (NumberFormatException _) {
        return Option.none();
      }
    }
  }
}
