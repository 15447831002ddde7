package io.culvert.testkit.scenario;

import io.vavr.collection.List;

/** Names of devices in commands. */
final class DeviceName {
  /** What Linux takes: 1 to 15 characters, no slash, not a dot or two. */
  private static final String VALID = "(?!\\.{1,2}$)[^/:\\s]{1,15}";

  private DeviceName() {}

  /** Any well-formed name. */
  static Token any(Words words) {
    Token token = words.take("a device's name");
    if (!token.text().matches(VALID)) {
      throw Words.mistake(token, "a device's name of 1 to 15 characters");
    }
    return token;
  }

  /** The name of a device that is there. */
  static String known(Words words, ScenarioBuilder router) {
    Token token = any(words);
    if (router.find(token.text()).isEmpty()) {
      List<String> names = List.ofAll(router.devices()).map(ScenarioDevice::name);
      throw new ScenarioMistake(
          token,
          "no device '" + token.text() + "'",
          names.isEmpty() ? List.of("a device made before: link set " + token.text()) : names);
    }
    return token.text();
  }

  /** The name of a device that is not there yet. */
  static Token fresh(Words words, ScenarioBuilder router) {
    Token token = any(words);
    if (router.find(token.text()).isDefined()) {
      throw new ScenarioMistake(
          token, "device '" + token.text() + "' exists", List.of("another name"));
    }
    return token;
  }
}
