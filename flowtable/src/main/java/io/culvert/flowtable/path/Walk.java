package io.culvert.flowtable.path;

import io.culvert.flowtable.path.ForwardPath.Layer;
import io.culvert.path.Device;
import io.culvert.path.Route;
import io.culvert.spi.InnerType;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.control.Option;

/**
 * A walk through virtual devices so far.
 *
 * @param layers outermost first
 * @param seen names of the devices, in order
 * @param mtu longest innermost packet so far
 * @param overhead bytes added so far that the MTU of the devices below counts
 * @param tags bytes of tags that stand in an Ethernet header's stead and are not counted until the
 *     frame itself is carried
 * @param inner what was sent at the start
 * @param carried what the next device is given
 * @param source the MAC address that the next Ethernet header comes from, if a device above has one
 * @param destination where it goes, if that is known already
 */
record Walk(
    List<Layer> layers,
    List<String> seen,
    int mtu,
    int overhead,
    int tags,
    InnerType inner,
    InnerType carried,
    Option<MacAddress> source,
    Option<MacAddress> destination) {
  private static final int MOST_MTU = 65535; // the total length field, whatever a device says

  static Walk start(InnerType inner, Option<Integer> mtu) {
    return new Walk(
        List.empty(),
        List.empty(),
        mtu.getOrElse(Integer.MAX_VALUE),
        0,
        0,
        inner,
        inner,
        Option.none(),
        Option.none());
  }

  Walk through(Device device) {
    int most = Math.min(device.mtu(), MOST_MTU) - overhead;
    return new Walk(
        layers,
        seen.append(device.name()),
        Math.min(mtu, most),
        overhead,
        tags,
        inner,
        carried,
        source,
        destination);
  }

  /** Between these two stations. */
  Walk between(Option<MacAddress> from, Option<MacAddress> to) {
    return new Walk(layers, seen, mtu, overhead, tags, inner, carried, from, to);
  }

  /** A tag on the frame: the MTU of the devices below does not count it. */
  Walk tag(Layer layer) {
    return new Walk(
        layers.prepend(layer),
        seen,
        mtu,
        overhead,
        tags + layer.overhead(),
        inner,
        layer.announcedBy(),
        source,
        destination);
  }

  /** A header between Ethernet and IP that does count. */
  Walk shim(Layer layer) {
    return new Walk(
        layers.prepend(layer),
        seen,
        mtu,
        overhead + layer.overhead(),
        tags,
        inner,
        layer.announcedBy(),
        Option.none(),
        layer.transmit().peer());
  }

  /** Into an IP packet of our own: what was a frame so far, with its tags, is its payload. */
  Walk push(Layer layer) {
    return new Walk(
        layers.prepend(layer),
        seen,
        mtu,
        overhead + tags + layer.overhead(),
        0,
        inner,
        layer.announcedBy(),
        Option.none(),
        Option.none());
  }

  Walk routed(Route route) {
    return limited(route.mtu());
  }

  /** No longer packet than this leaves here, what was added so far included. */
  Walk limited(Option<Integer> longest) {
    int limit = longest.map(m -> m - overhead).getOrElse(Integer.MAX_VALUE);
    return new Walk(
        layers, seen, Math.min(mtu, limit), overhead, tags, inner, carried, source, destination);
  }
}
