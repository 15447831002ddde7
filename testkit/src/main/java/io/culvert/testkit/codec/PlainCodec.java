package io.culvert.testkit.codec;

import io.culvert.spi.Settings;
import io.vavr.collection.Seq;
import io.vavr.control.Either;

/** A naive implementation of one tunnel protocol, found by {@link java.util.ServiceLoader}. */
public interface PlainCodec {

  /** The link types that it speaks, as in {@code ip link add … type}. */
  Seq<String> linkTypes();

  /**
   * True if a new device's MTU is that of the device which the route to the remote leaves by, less
   * the headers; false if only a device that was named ({@code dev}) counts, as for VXLAN.
   */
  default boolean hasMtuOfRoute() {
    return true;
  }

  /**
   * Makes a device.
   *
   * @return the device, with whatever state it needs; or why it cannot be
   */
  Either<String, PlainTunnel> open(Settings settings);
}
