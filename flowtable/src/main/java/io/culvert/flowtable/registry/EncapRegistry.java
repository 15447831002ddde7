package io.culvert.flowtable.registry;

import io.culvert.flowtable.registry.LoadReport.Accepted;
import io.culvert.flowtable.registry.LoadReport.Rejected;
import io.culvert.flowtable.registry.Rejection.BadAnswer;
import io.culvert.flowtable.registry.Rejection.CarrierTaken;
import io.culvert.flowtable.registry.Rejection.NameTaken;
import io.culvert.flowtable.registry.Rejection.WrongVersion;
import io.culvert.spi.Carrier;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.LinkType;
import io.culvert.spi.Sample;
import io.culvert.spi.SpiVersion;
import io.culvert.spi.Transit;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * The providers that passed admission. Immutable once made.
 *
 * <p>A contested name or carrier stays with the provider that was admitted first, and providers of
 * one source are admitted in the order of their names: the class path's order decides nothing.
 */
public final class EncapRegistry {
  private final Map<String, Guarded> byName;
  private final Map<String, Guarded> byLinkType;
  private final Map<Carrier, String> carriers;
  private final LoadReport report;

  private EncapRegistry(
      Map<String, Guarded> byName,
      Map<String, Guarded> byLinkType,
      Map<Carrier, String> carriers,
      LoadReport report) {
    this.byName = byName;
    this.byLinkType = byLinkType;
    this.carriers = carriers;
    this.report = report;
  }

  /** The providers on the class path and module path of the calling thread's loader. */
  public static EncapRegistry load() {
    return load(List.of(ProviderSource.of(EncapRegistry.class.getClassLoader())));
  }

  /** The providers of several sources, in their order. */
  public static EncapRegistry load(Seq<ProviderSource> sources) {
    EncapRegistry registry = empty();
    for (ProviderSource source : sources) {
      for (ProviderSource.Found found : source.find()) {
        registry = registry.admit(found);
      }
    }
    return registry;
  }

  /** A registry of providers at hand: for tests and for embedders that choose them by hand. */
  public static EncapRegistry of(EncapProvider... providers) {
    EncapRegistry registry = empty();
    for (EncapProvider provider : providers) {
      registry = registry.admit(ProviderSource.Found.of("given by hand", provider));
    }
    return registry;
  }

  private static EncapRegistry empty() {
    return new EncapRegistry(
        LinkedHashMap.empty(),
        LinkedHashMap.empty(),
        LinkedHashMap.empty(),
        new LoadReport(List.empty()));
  }

  /** What became of every provider found. */
  public LoadReport report() {
    return report;
  }

  /** All providers, in the order of admission. */
  public Seq<Guarded> providers() {
    return byName.values();
  }

  /** The provider with this name. */
  public Option<Guarded> provider(String name) {
    return byName.get(name);
  }

  /** The provider that serves a link type. */
  public Option<Guarded> providerOf(String linkType) {
    return byLinkType.get(linkType);
  }

  private EncapRegistry admit(ProviderSource.Found found) {
    Either<Rejection, Admission> admission =
        found.provider().flatMap(provider -> examine(provider, found));
    return admission.fold(
        reason ->
            new EncapRegistry(
                byName,
                byLinkType,
                carriers,
                new LoadReport(
                    report.entries().append(new Rejected(found.origin(), found.name(), reason)))),
        this::with);
  }

  private EncapRegistry with(Admission admitted) {
    String name = admitted.provider().name();
    Map<String, Guarded> types = byLinkType;
    for (String type : admitted.entry().linkTypes()) {
      types = types.put(type, admitted.provider());
    }
    Map<Carrier, String> owners = carriers;
    for (Carrier carrier : admitted.entry().carriers()) {
      owners = owners.put(carrier, name);
    }
    return new EncapRegistry(
        byName.put(name, admitted.provider()),
        types,
        owners,
        new LoadReport(report.entries().append(admitted.entry())));
  }

  private record Admission(Guarded provider, Accepted entry) {}

  private Either<Rejection, Admission> examine(EncapProvider provider, ProviderSource.Found found) {
    try {
      if (provider.spiVersion() != SpiVersion.CURRENT) {
        return Either.left(new WrongVersion(provider.spiVersion(), SpiVersion.CURRENT));
      }
      String name = provider.name();
      if (!name.matches("[a-z][a-z0-9-]{0,30}")) {
        return Either.left(new BadAnswer("name", "'" + name + "' is not a lower-case word"));
      }
      Guarded guarded = new Guarded(provider, name);
      Seq<String> types = provider.linkTypes().map(LinkType::name);
      Seq<Sample> samples = provider.samples();
      if (types.isEmpty() || samples.isEmpty()) {
        return Either.left(new BadAnswer(types.isEmpty() ? "linkTypes" : "samples", "is empty"));
      }
      Seq<Carrier> claims = samples.flatMap(s -> provider.carriers(s.settings())).distinct();
      Seq<Transit> transit = provider.transit();
      return contest(name, types, claims)
          .orElse(() -> TransitCheck.run(transit, claims))
          .orElse(() ->
              samples.map(s -> SelfCheck.run(guarded, s)).find(Option::isDefined).flatMap(r -> r))
          .<Either<Rejection, Admission>>map(Either::left)
          .getOrElse(() ->
              Either.right(
                  new Admission(
                      guarded,
                      new Accepted(
                          found.origin(), name, found.version(), types, claims, transit))));
    } catch (Throwable thrown) {
      // All of it: a provider in another language throws checked exceptions and its own errors.
      return Either.left(new Rejection.NotLoadable("a call at admission threw " + thrown));
    }
  }

  private Option<Rejection> contest(String name, Seq<String> types, Seq<Carrier> claims) {
    if (byName.containsKey(name)) {
      return Option.some(new NameTaken("name", name, "another provider"));
    }
    for (String type : types) {
      if (byLinkType.containsKey(type)) {
        return Option.some(new NameTaken("link type", type, "provider " + ownerOf(type)));
      }
    }
    for (Carrier carrier : claims) {
      if (carriers.containsKey(carrier)) {
        return Option.some(new CarrierTaken(carrier, carriers.get(carrier).get()));
      }
    }
    return Option.none();
  }

  private String ownerOf(String linkType) {
    return byLinkType.get(linkType).map(Guarded::name).getOrElse("another");
  }
}
