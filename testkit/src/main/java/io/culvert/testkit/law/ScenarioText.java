package io.culvert.testkit.law;

import io.culvert.spi.Value;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.testkit.scenario.ScenarioRoute;

/** A router in the commands of {@code ip -batch}, so that it can be tried by hand. */
public final class ScenarioText {
  private ScenarioText() {}

  /** One command a line. */
  public static String of(Scenario scenario) {
    StringBuilder text = new StringBuilder();
    for (ScenarioDevice device : scenario.devices()) {
      text.append(device(device)).append('\n');
    }
    scenario
        .addresses()
        .forEach(a -> text.append("addr add " + a.prefix() + " dev " + a.device() + "\n"));
    scenario
        .neighbours()
        .forEach(n ->
            text.append(
                "neigh add " + n.address() + " lladdr " + n.mac() + " dev " + n.device() + "\n"));
    scenario.routes().forEach(r -> text.append(route(r)).append('\n'));
    return text.toString();
  }

  private static String device(ScenarioDevice device) {
    String name = device.name();
    String state = " mtu " + device.mtu() + (device.isUp() ? " up" : " down");
    return device.kind() == ScenarioDevice.Kind.VIRTUAL
        ? "link add "
            + name
            + " type "
            + device.settings().linkType()
            + device.settings().values().map(v -> word(v._1, v._2)).mkString("")
            + "\nlink set "
            + name
            + state
        : "link set " + name + device.address().map(a -> " address " + a).getOrElse("") + state;
  }

  private static String word(String field, Value value) {
    return switch (value) {
      case Value.Flag(boolean on) -> on ? " " + field : " no" + field;
      case Value.Num(long number) ->
          " " + field + " " + (field.equals("tos") ? Long.toHexString(number) : number);
      default -> " " + field + " " + value;
    };
  }

  private static String route(ScenarioRoute route) {
    String kind =
        route.kind() == ScenarioRoute.Kind.UNICAST
            ? ""
            : route.kind().name().toLowerCase(java.util.Locale.ROOT) + " ";
    return "route add "
        + kind
        + route.destination()
        + route.gateway().map(g -> " via " + g).getOrElse("")
        + route.device().map(d -> " dev " + d).getOrElse("")
        + route.mtu().map(m -> " mtu " + m).getOrElse("");
  }
}
