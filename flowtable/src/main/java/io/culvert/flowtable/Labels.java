package io.culvert.flowtable;

import java.util.Locale;
import java.util.regex.Pattern;

/** Metric labels from names: lower-case words with hyphens. */
final class Labels {
  private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  private Labels() {}

  /** {@code NO_ROUTE} and {@code NoRoute} become {@code no-route}. */
  static String hyphenated(String name) {
    return HUMP.matcher(name).replaceAll("-").replace('_', '-').toLowerCase(Locale.ROOT);
  }
}
