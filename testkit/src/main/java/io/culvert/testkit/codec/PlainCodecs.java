package io.culvert.testkit.codec;

import io.culvert.spi.EncapProvider;
import io.culvert.spi.LinkType;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.ServiceLoader;

/** The codecs of a router: naive ones where there are, else what the providers do by themselves. */
public final class PlainCodecs {
  private PlainCodecs() {}

  /** The naive codecs that the {@link ServiceLoader} finds. */
  public static Seq<PlainCodec> installed() {
    ArrayList<PlainCodec> codecs = new ArrayList<>();
    ServiceLoader.load(PlainCodec.class, PlainCodecs.class.getClassLoader()).forEach(codecs::add);
    return List.ofAll(codecs);
  }

  /** The naive codecs, and for link types without one the provider's own code. */
  public static Seq<PlainCodec> of(Seq<EncapProvider> providers) {
    Seq<PlainCodec> installed = installed();
    // The first one that speaks a link type serves it.
    return installed.appendAll(providers.map(ProviderCodec::new));
  }

  /** The naive codec of a link type. */
  public static Option<PlainCodec> installed(String linkType) {
    return installed().find(codec -> codec.linkTypes().contains(linkType));
  }

  /** True if a naive codec, which shares no code with the provider, speaks all its link types. */
  public static boolean isIndependent(EncapProvider provider) {
    Seq<String> spoken = installed().flatMap(PlainCodec::linkTypes);
    return provider.linkTypes().map(LinkType::name).forAll(spoken::contains);
  }
}
