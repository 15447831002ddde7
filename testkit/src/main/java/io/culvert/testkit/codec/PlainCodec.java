package io.culvert.testkit.codec;

import io.culvert.spi.Settings;
import io.vavr.collection.Seq;
import io.vavr.control.Either;

/** A naive implementation of one tunnel protocol, found by {@link java.util.ServiceLoader}. */
public interface PlainCodec {

  /** The link types that it speaks, as in {@code ip link add … type}. */
  Seq<String> linkTypes();

  /**
   * Makes a device.
   *
   * @return the device, with whatever state it needs; or why it cannot be
   */
  Either<String, PlainTunnel> open(Settings settings);
}
