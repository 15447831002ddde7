package io.culvert.flowtable.status;

/**
 * A JSON text without white space, in ASCII (RFC 8259): commas and escapes are set here, pairing
 * {@code begin} and {@code end} is the caller's.
 */
final class JsonLine {
  private final StringBuilder text = new StringBuilder(800);

  JsonLine begin() {
    separate();
    text.append('{');
    return this;
  }

  JsonLine end() {
    text.append('}');
    return this;
  }

  JsonLine beginArray() {
    separate();
    text.append('[');
    return this;
  }

  JsonLine endArray() {
    text.append(']');
    return this;
  }

  /** The name of what follows. */
  JsonLine key(String name) {
    separate();
    quoted(name);
    text.append(':');
    return this;
  }

  JsonLine field(String name, String value) {
    return key(name).value(value);
  }

  JsonLine field(String name, long value) {
    key(name);
    text.append(value);
    return this;
  }

  JsonLine field(String name, boolean value) {
    key(name);
    text.append(value);
    return this;
  }

  JsonLine nothing(String name) {
    key(name);
    text.append("null");
    return this;
  }

  JsonLine value(String value) {
    separate();
    quoted(value);
    return this;
  }

  /** A comma, unless this is the first of its object or array, or the value of a key. */
  private void separate() {
    char last = text.isEmpty() ? '{' : text.charAt(text.length() - 1);
    if (last != '{' && last != '[' && last != ':') {
      text.append(',');
    }
  }

  private void quoted(String value) {
    text.append('"');
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c >= ' ' && c < 0x7f) {
        text.append(c);
      } else {
        escaped(isLone(value, at) ? '\ufffd' : c);
      }
    }
    text.append('"');
  }

  /** True for half of a surrogate pair, which no parser need take (RFC 8259 §8.2). */
  private static boolean isLone(String value, int at) {
    char c = value.charAt(at);
    return (Character.isHighSurrogate(c)
            && (at + 1 == value.length() || !Character.isLowSurrogate(value.charAt(at + 1))))
        || (Character.isLowSurrogate(c)
            && (at == 0 || !Character.isHighSurrogate(value.charAt(at - 1))));
  }

  private void escaped(char c) {
    text.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      text.append(Character.forDigit(c >>> shift & 15, 16));
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
