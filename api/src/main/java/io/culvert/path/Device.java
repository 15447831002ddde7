package io.culvert.path;

import io.culvert.spi.Settings;
import io.culvert.wire.MacAddress;
import io.vavr.control.Option;

/** A network device as the embedder's control plane sees it. */
public sealed interface Device {
  /** Index, 1..65535, unique in a {@link Network}; a real port's index is also its port number. */
  int ifindex();

  /** Name, for messages and for settings that refer to a device. */
  String name();

  /** Largest IP packet in bytes that may be sent out of the device. */
  int mtu();

  /** True if packets may be sent and received. */
  boolean isUp();

  /**
   * A real port: the walk ends here.
   *
   * @param ifindex index and port number
   * @param name name
   * @param address own MAC address; frames to another one are not ours
   * @param mtu largest IP packet in bytes
   * @param isUp true if usable
   */
  record Port(int ifindex, String name, MacAddress address, int mtu, boolean isUp)
      implements Device {}

  /**
   * A virtual device of a provider: a tunnel or a tag.
   *
   * @param ifindex index
   * @param name name
   * @param settings link type and attributes
   * @param mtu largest IP packet in bytes
   * @param isUp true if usable
   * @param address own MAC address of a device that carries Ethernet frames; none for one that
   *     carries IP packets
   */
  record Virtual(
      int ifindex,
      String name,
      Settings settings,
      int mtu,
      boolean isUp,
      Option<MacAddress> address)
      implements Device {
    /** A device that carries IP packets. */
    public Virtual(int ifindex, String name, Settings settings, int mtu, boolean isUp) {
      this(ifindex, name, settings, mtu, isUp, Option.none());
    }
  }

  /**
   * A device that is known to exist, and whose flows stay on the slow path.
   *
   * @param ifindex index
   * @param name name
   * @param mtu largest IP packet in bytes
   * @param isUp true if usable
   * @param why why it is out of scope
   */
  record OutOfScope(int ifindex, String name, int mtu, boolean isUp, String why)
      implements Device {}
}
