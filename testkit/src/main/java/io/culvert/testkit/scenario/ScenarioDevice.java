package io.culvert.testkit.scenario;

import io.culvert.path.Device;
import io.culvert.spi.Settings;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * A device of the router.
 *
 * @param ifindex index, from 1 in the order in which the devices were made
 * @param name name
 * @param kind what it is
 * @param address MAC address, if known; a device that carries IP has none
 * @param mtu largest IP packet in bytes
 * @param isUp true if usable
 * @param settings link type and attributes of a virtual device
 * @param words attributes of a device out of scope, as written
 * @param link the device below, if one was named
 * @param master the bridge or bond that it belongs to
 * @param hasLinkLocal true if the kernel gives it an IPv6 link-local address by itself
 * @param why why it is out of scope; empty if it is not
 * @param isEthernet true if it carries Ethernet frames, and so has a MAC address and neighbours
 */
public record ScenarioDevice(
    int ifindex,
    String name,
    Kind kind,
    Option<MacAddress> address,
    int mtu,
    boolean isUp,
    Settings settings,
    Seq<String> words,
    Option<String> link,
    Option<String> master,
    boolean hasLinkLocal,
    String why,
    boolean isEthernet) {

  /** What a device is. */
  public enum Kind {
    /** {@code lo}: its addresses are local, it carries nothing. */
    LOOPBACK,
    /** A real device. */
    PORT,
    /** A device of a provider. */
    VIRTUAL,
    /** A device that exists and whose packets are not modelled. */
    OUT_OF_SCOPE
  }

  /** A new device: down, MTU 1500. */
  static ScenarioDevice of(int ifindex, String name, Kind kind) {
    return new ScenarioDevice(
        ifindex,
        name,
        kind,
        Option.none(),
        1500,
        false,
        Settings.of(""),
        List.empty(),
        Option.none(),
        Option.none(),
        true,
        "",
        kind == Kind.PORT);
  }

  /** The word that stands behind {@code word} in the attributes of a device out of scope. */
  public Option<String> wordAfter(String word) {
    int at = words.indexOf(word);
    return at < 0 || at + 1 >= words.size() ? Option.none() : Option.some(words.get(at + 1));
  }

  /** True if IPv6 runs on it: the kernel takes it from devices below IPv6's least MTU. */
  public boolean carriesIpv6() {
    return isUp && mtu >= 1280;
  }

  /**
   * As path discovery sees it; none for the loopback, and for a port of unknown address.
   *
   * @param router the scenario that it belongs to
   */
  Option<Device> device(Scenario router) {
    return switch (kind) {
      case LOOPBACK -> Option.none();
      case PORT -> address.map(mac -> port(mac));
      case VIRTUAL -> Option.some(virtual(router));
      case OUT_OF_SCOPE -> Option.some(new Device.OutOfScope(ifindex, name, mtu, isUp, why));
    };
  }

  private Device virtual(Scenario router) {
    return master.isDefined()
        ? new Device.OutOfScope(ifindex, name, mtu, isUp, "belongs to " + master.get())
        : new Device.Virtual(
            ifindex, name, settings, mtu, isUp, isEthernet ? router.address(this) : Option.none());
  }

  private Device port(MacAddress mac) {
    return master.isDefined()
        ? new Device.OutOfScope(ifindex, name, mtu, isUp, "belongs to " + master.get())
        : new Device.Port(ifindex, name, mac, mtu, isUp);
  }

  /** With a MAC address. */
  public ScenarioDevice withAddress(MacAddress mac) {
    return new ScenarioDevice(
        ifindex,
        name,
        kind,
        Option.some(mac),
        mtu,
        isUp,
        settings,
        words,
        link,
        master,
        hasLinkLocal,
        why,
        isEthernet);
  }

  /** With an MTU. */
  public ScenarioDevice withMtu(int bytes) {
    return new ScenarioDevice(
        ifindex,
        name,
        kind,
        address,
        bytes,
        isUp,
        settings,
        words,
        link,
        master,
        hasLinkLocal,
        why,
        isEthernet);
  }

  /** Up or down. */
  public ScenarioDevice withUp(boolean up) {
    return new ScenarioDevice(
        ifindex,
        name,
        kind,
        address,
        mtu,
        up,
        settings,
        words,
        link,
        master,
        hasLinkLocal,
        why,
        isEthernet);
  }

  /** With settings. */
  public ScenarioDevice withSettings(Settings newSettings) {
    return new ScenarioDevice(
        ifindex,
        name,
        kind,
        address,
        mtu,
        isUp,
        newSettings,
        words,
        link,
        master,
        hasLinkLocal,
        why,
        isEthernet);
  }

  /** Carrying Ethernet frames, or IP packets. */
  public ScenarioDevice withEthernet(boolean on) {
    return new ScenarioDevice(
        ifindex,
        name,
        kind,
        address,
        mtu,
        isUp,
        settings,
        words,
        link,
        master,
        hasLinkLocal,
        why,
        on);
  }

  /** Above another device. */
  public ScenarioDevice withLink(Option<String> below) {
    return new ScenarioDevice(
        ifindex,
        name,
        kind,
        address,
        mtu,
        isUp,
        settings,
        words,
        below,
        master,
        hasLinkLocal,
        why,
        isEthernet);
  }

  /** Part of a bridge or bond, or of none. */
  public ScenarioDevice withMaster(Option<String> newMaster) {
    return new ScenarioDevice(
        ifindex,
        name,
        kind,
        address,
        mtu,
        isUp,
        settings,
        words,
        link,
        newMaster,
        hasLinkLocal,
        why,
        isEthernet);
  }

  /** With or without a link-local address made by the kernel. */
  public ScenarioDevice withLinkLocal(boolean on) {
    return new ScenarioDevice(
        ifindex,
        name,
        kind,
        address,
        mtu,
        isUp,
        settings,
        words,
        link,
        master,
        on,
        why,
        isEthernet);
  }

  /** Out of scope, for a reason, with its attributes as written. */
  public ScenarioDevice outOfScope(String reason, Seq<String> attributes) {
    return new ScenarioDevice(
        ifindex,
        name,
        Kind.OUT_OF_SCOPE,
        address,
        mtu,
        isUp,
        settings,
        attributes,
        link,
        master,
        hasLinkLocal,
        reason,
        isEthernet);
  }
}
