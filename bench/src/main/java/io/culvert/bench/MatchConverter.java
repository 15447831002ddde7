package io.culvert.bench;

import io.culvert.flowtable.MatchMode;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a match mode in lower case. */
final class MatchConverter implements ITypeConverter<MatchMode> {
  MatchConverter() {}

  @Override
  public MatchMode convert(String text) {
    for (MatchMode mode : MatchMode.values()) {
      if (name(mode).equals(text)) {
        return mode;
      }
    }
    throw new TypeConversionException(
        "'"
            + text
            + "'; expected one of: "
            + Arrays.stream(MatchMode.values())
                .map(MatchConverter::name)
                .collect(Collectors.joining(", ")));
  }

  private static String name(MatchMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }
}
