package io.culvert.encap.vxlan;

import io.culvert.spi.Attribute;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.Settings;
import io.culvert.wire.IpAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;

/** What the tests of this module share. */
final class VxlanFixture {
  static final VxlanProvider PROVIDER = new VxlanProvider();

  private VxlanFixture() {}

  static IpAddress address(String text) {
    return IpAddress.parse(text).get();
  }

  /** The settings that a device has which was made with {@code ip link add … type TEXT}. */
  static Settings settings(String text) {
    List<String> words = List.of(text.split(" "));
    LinkType type = PROVIDER.linkTypes().find(t -> t.name().equals(words.head())).get();
    Settings settings = Settings.of(type.name());
    for (List<String> rest = words.tail(); rest.nonEmpty(); ) {
      String word = rest.head();
      Attribute attribute =
          type.attribute(word).getOrElseThrow(() -> new AssertionError("no attribute " + word));
      List<String> value = List.empty();
      rest = rest.tail();
      while (rest.nonEmpty() && attribute.takes(value.size(), rest.head())) {
        value = value.append(rest.head());
        rest = rest.tail();
      }
      settings = settings.with(attribute.field(), attribute.read(value.mkString(" ")).get());
    }
    return settings;
  }

  static EncapTuple tuple(String text, Direction direction) {
    return PROVIDER.tuple(settings(text), InnerType.ETHERNET, direction).get();
  }

  /** Why a device is refused; no error if it is not. */
  static Seq<EncapError> errors(Settings settings) {
    var tuple = PROVIDER.tuple(settings, InnerType.ETHERNET, Direction.TRANSMIT);
    return tuple.isValid() ? List.empty() : tuple.getError();
  }
}
