package io.culvert.bench;

import picocli.CommandLine.IVersionProvider;

/** The version, from the manifest of the jar that runs. */
final class Version implements IVersionProvider {
  Version() {}

  @Override
  public String[] getVersion() {
    return new String[] {"culvert " + number(), "Java " + Runtime.version()};
  }

  static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(not run from its jar)" : version;
  }
}
