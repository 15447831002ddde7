package io.culvert.spi;

/**
 * Settings that a provider works with, for the self-check at admission and for the test kit.
 *
 * @param settings complete settings of a device
 * @param inner what is carried
 */
public record Sample(Settings settings, InnerType inner) {}
