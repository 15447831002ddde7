package io.culvert.bench;

import io.culvert.bench.replay.ReplayInput;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code DEV=FILE}. */
final class InputConverter implements ITypeConverter<ReplayInput> {
  InputConverter() {}

  @Override
  public ReplayInput convert(String text) {
    int equals = text.indexOf('=');
    if (equals < 1 || equals == text.length() - 1) {
      throw new TypeConversionException(
          "'" + text + "'; expected DEVICE=FILE, such as eth0=clients.pcap");
    }
    return new ReplayInput(text.substring(0, equals), Path.of(text.substring(equals + 1)));
  }
}
