package io.culvert.testkit.codec;

import io.culvert.spi.EncapProvider;
import io.culvert.spi.LinkType;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The codecs of a router: naive ones where there are, else what the providers do by themselves. */
public final class PlainCodecs {
  /** A service file with nothing but mistakes must not keep us for ever. */
  private static final int MOST_FAILURES = 100;

  private PlainCodecs() {}

  /** The naive codecs that the {@link ServiceLoader} finds. */
  public static Seq<PlainCodec> installed() {
    ArrayList<PlainCodec> codecs = new ArrayList<>();
    ServiceLoader.load(PlainCodec.class, PlainCodecs.class.getClassLoader()).forEach(codecs::add);
    return List.ofAll(codecs);
  }

  /**
   * The naive codecs, those that came with the providers, and for link types without one the
   * provider's own code.
   */
  public static Seq<PlainCodec> of(Seq<EncapProvider> providers) {
    // The first one that speaks a link type serves it.
    return naive(providers).appendAll(providers.map(ProviderCodec::new));
  }

  /** The naive codec of a provider's link type. */
  public static Option<PlainCodec> naive(EncapProvider provider, String linkType) {
    return naive(List.of(provider)).find(codec -> codec.linkTypes().contains(linkType));
  }

  /** True if naive codecs, which share no code with the provider, speak all its link types. */
  public static boolean isIndependent(EncapProvider provider) {
    Seq<String> spoken = naive(List.of(provider)).flatMap(PlainCodec::linkTypes);
    return provider.linkTypes().map(LinkType::name).forAll(spoken::contains);
  }

  /** A jar that was dropped into a folder has a class loader of its own, and its codec with it. */
  @SuppressWarnings("ReferenceEquality") // A class loader is itself.
  private static Seq<PlainCodec> naive(Seq<EncapProvider> providers) {
    ClassLoader own = PlainCodecs.class.getClassLoader();
    return installed()
        .appendAll(
            List.ofAll(providers)
                .map(provider -> provider.getClass().getClassLoader())
                .filter(loader -> loader != own)
                .distinct()
                .flatMap(PlainCodecs::in));
  }

  /** The codecs of one class loader that can be loaded; a broken one hurts no other. */
  @SuppressWarnings("ReferenceEquality") // A class loader is itself.
  private static Seq<PlainCodec> in(ClassLoader loader) {
    ArrayList<PlainCodec> codecs = new ArrayList<>();
    Iterator<ServiceLoader.Provider<PlainCodec>> entries =
        ServiceLoader.load(PlainCodec.class, loader).stream().iterator();
    for (int failures = 0; failures < MOST_FAILURES; ) {
      try {
        if (!entries.hasNext()) {
          break;
        }
        ServiceLoader.Provider<PlainCodec> entry = entries.next();
        if (entry.type().getClassLoader() == loader) {
          codecs.add(entry.get());
        }
      } catch (ServiceConfigurationError | LinkageError _) {
        failures++;
      }
    }
    return List.ofAll(codecs);
  }
}
