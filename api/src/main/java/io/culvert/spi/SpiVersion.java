package io.culvert.spi;

/** The version of this SPI. */
public final class SpiVersion {
  /**
   * The version that a provider is compiled against. A compile-time constant on purpose: it is
   * copied into the provider's class file, so that an old jar reports the old number.
   */
  public static final int CURRENT = 1;

  private SpiVersion() {}
}
