package io.culvert.flowtable.registry;

import io.culvert.flowtable.registry.Rejection.NotLoadable;
import io.culvert.spi.EncapProvider;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Where providers are looked for. */
public final class ProviderSource {
  /** A service file with nothing but mistakes must not keep us for ever. */
  private static final int MOST_FAILURES = 100;

  /** Causes may go round in a circle. */
  private static final int MOST_CAUSES = 5;

  /**
   * One service entry.
   *
   * @param origin where it lies, for people
   * @param name its class, as far as known
   * @param version of its module or jar
   * @param provider the provider, or why there is none
   */
  record Found(
      String origin, String name, String version, Either<Rejection, EncapProvider> provider) {

    static Found of(String origin, EncapProvider provider) {
      Class<?> type = provider.getClass();
      return new Found(origin, type.getName(), versionOf(type), Either.right(provider));
    }
  }

  private final ClassLoader loader;
  private final Scope scope;
  private final String origin;

  private enum Scope {
    ALL,
    ONLY_OWN
  }

  private ProviderSource(ClassLoader loader, Scope scope, String origin) {
    this.loader = loader;
    this.scope = scope;
    this.origin = origin;
  }

  /** Everything that a class loader sees. */
  public static ProviderSource of(ClassLoader loader) {
    return new ProviderSource(loader, Scope.ALL, "application");
  }

  /**
   * Every jar of a folder, each behind a class loader of its own, so that a broken one hurts no
   * other; in the order of their names.
   *
   * @throws IOException if the folder cannot be read
   */
  public static Seq<ProviderSource> ofFolder(Path folder) throws IOException {
    List<ProviderSource> sources = List.empty();
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
      for (Path jar : jars) {
        URL[] urls = {jar.toUri().toURL()};
        ClassLoader loader = new URLClassLoader(urls, ProviderSource.class.getClassLoader());
        String name = String.valueOf(jar.getFileName());
        sources = sources.append(new ProviderSource(loader, Scope.ONLY_OWN, name));
      }
    }
    return sources.sortBy(source -> source.origin);
  }

  /**
   * All service entries, by class name. Both {@code hasNext} and {@code next} of the service loader
   * can fail for one entry while the ones behind it are good.
   */
  @SuppressWarnings("ReferenceEquality") // A class loader is itself.
  Seq<Found> find() {
    List<Found> found = List.empty();
    int failures = 0;
    Iterator<ServiceLoader.Provider<EncapProvider>> entries;
    try {
      entries = ServiceLoader.load(EncapProvider.class, loader).stream().iterator();
    } catch (ServiceConfigurationError | LinkageError thrown) {
      return List.of(failed("?", thrown));
    }
    while (failures < MOST_FAILURES) {
      try {
        if (!entries.hasNext()) {
          break;
        }
        ServiceLoader.Provider<EncapProvider> entry = entries.next();
        if (scope == Scope.ALL || entry.type().getClassLoader() == loader) {
          found = found.append(instantiate(entry));
        }
      } catch (ServiceConfigurationError | LinkageError thrown) {
        failures++;
        found = found.append(failed("?", thrown));
      }
    }
    return found.sortBy(Found::name);
  }

  private Found instantiate(ServiceLoader.Provider<EncapProvider> entry) {
    Class<? extends EncapProvider> type = entry.type();
    String where = scope == Scope.ALL ? originOf(type) : origin;
    try {
      return new Found(where, type.getName(), versionOf(type), Either.right(entry.get()));
    } catch (ServiceConfigurationError | RuntimeException | LinkageError thrown) {
      return new Found(
          where, type.getName(), versionOf(type), Either.left(new NotLoadable(rootOf(thrown))));
    }
  }

  private Found failed(String name, Throwable thrown) {
    return new Found(origin, name, "unknown", Either.left(new NotLoadable(rootOf(thrown))));
  }

  private static String rootOf(Throwable thrown) {
    StringBuilder text =
        new StringBuilder(
            thrown instanceof ServiceConfigurationError
                ? String.valueOf(thrown.getMessage())
                : thrown.toString());
    Throwable cause = thrown.getCause();
    for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
      text.append(": ").append(cause);
      cause = cause.getCause();
    }
    return text.toString();
  }

  private static String originOf(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return type.getModule().isNamed() ? "module " + type.getModule().getName() : "application";
    }
    Path path = Path.of(source.getLocation().getPath());
    return String.valueOf(path.getFileName());
  }

  private static String versionOf(Class<?> type) {
    java.lang.module.ModuleDescriptor module = type.getModule().getDescriptor();
    if (module != null && module.rawVersion().isPresent()) {
      return module.rawVersion().get();
    }
    Package container = type.getPackage();
    String version = container == null ? null : container.getImplementationVersion();
    return version == null ? "unknown" : version;
  }
}
