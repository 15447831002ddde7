package io.culvert.bench;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A UDP port that a protocol uses besides its usual one.
 *
 * @param number 1..65535
 * @param protocol name of the module
 */
record UdpPort(int number, String protocol) {

  /** Reads {@code PORT=NAME}. */
  static final class Converter implements ITypeConverter<UdpPort> {
    Converter() {}

    @Override
    public UdpPort convert(String text) {
      String[] parts = text.split("=", 2);
      if (parts.length == 2 && parts[0].matches("[0-9]{1,5}") && !parts[1].isEmpty()) {
        int number = Integer.parseInt(parts[0]);
        if (number >= 1 && number <= 0xffff) {
          return new UdpPort(number, parts[1]);
        }
      }
      throw new TypeConversionException(
          "'" + text + "'; expected PORT=NAME, such as 8472=vxlan, with a port 1..65535");
    }
  }
}
