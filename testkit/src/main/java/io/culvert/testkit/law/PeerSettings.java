package io.culvert.testkit.law;

import io.culvert.spi.Attribute;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.Settings;
import io.culvert.spi.Value;
import io.vavr.collection.List;
import io.vavr.collection.Set;
import io.vavr.control.Option;

/** The settings of the device at the other end of a tunnel. */
public final class PeerSettings {
  private PeerSettings() {}

  /**
   * Settings with the ends exchanged: {@code local} and {@code remote}, and each pair of fields of
   * the link type whose names {@code ip} begins with {@code i} and {@code o}, or ends with {@code
   * rx} and {@code tx}, for what comes in and what goes out ({@code ikey} and {@code okey}, {@code
   * udp6zerocsumrx} and {@code udp6zerocsumtx}).
   */
  public static Settings of(EncapProvider provider, Settings settings) {
    Set<String> fields =
        List.ofAll(provider.linkTypes())
            .filter(type -> type.name().equals(settings.linkType()))
            .flatMap(type -> type.attributes().map(Attribute::field))
            .toLinkedSet();
    Settings peer = exchanged(settings, settings, "local", "remote");
    for (String in : fields) {
      String out = in.isEmpty() ? "" : "o" + in.substring(1);
      if (in.startsWith("i") && fields.contains(out)) {
        peer = exchanged(peer, settings, in, out);
      }
      String sent = in.endsWith("rx") ? in.substring(0, in.length() - 2) + "tx" : "";
      if (fields.contains(sent)) {
        peer = exchanged(peer, settings, in, sent);
      }
    }
    return peer;
  }

  private static Settings exchanged(Settings peer, Settings ours, String one, String other) {
    return with(with(peer, one, ours.values().get(other)), other, ours.values().get(one));
  }

  private static Settings with(Settings settings, String field, Option<Value> value) {
    return value.isDefined() ? settings.with(field, value.get()) : settings.without(field);
  }
}
