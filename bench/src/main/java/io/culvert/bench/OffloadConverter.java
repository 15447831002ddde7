package io.culvert.bench;

import io.culvert.testkit.replay.OffloadedRouter.Offload;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads when flows are offered. */
final class OffloadConverter implements ITypeConverter<Offload> {
  OffloadConverter() {}

  @Override
  public Offload convert(String text) {
    return switch (text) {
      case "reply" -> Offload.REPLY;
      case "first" -> Offload.FIRST;
      case "none" -> Offload.NONE;
      default ->
          throw new TypeConversionException("'" + text + "'; expected one of: reply, first, none");
    };
  }
}
