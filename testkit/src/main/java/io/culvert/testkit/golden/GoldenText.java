package io.culvert.testkit.golden;

import com.fasterxml.jackson.databind.JsonNode;
import io.vavr.control.Option;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The router's set-up of a golden scenario as scenario text: the commands that its kernel got. */
final class GoldenText {
  /** The tool that made a session without negotiation: device below, peer, session, MTU. */
  private static final Pattern STATIC_SESSION =
      Pattern.compile("pppoestatic (\\S+) (\\S+) (\\S+) (\\d+)");

  /** A line of /proc/net/pppoe: two zero bytes, and the session's two in the order of a PC. */
  private static final Pattern NEGOTIATED_SESSION =
      Pattern.compile("\n0000([0-9A-F]{2})([0-9A-F]{2}) ((?:[0-9a-f]{2}:){5}..) +(\\S+)\n");

  private static final Pattern ADDRESS =
      Pattern.compile("(\\S+): <[^>]*> mtu (\\d+)[^$]*?inet (\\S+) peer (\\S+) scope");

  /** A shell's way to write a file, and what reads it. */
  private static final Pattern RULESET =
      Pattern.compile("cat > (\\S+) <<'(\\w+)'\n(.*)\n\\2\nnft -f \\1\\s*", Pattern.DOTALL);

  private GoldenText() {}

  /** The ruleset that the router's kernel got; none if it got none. */
  static Option<String> ruleset(JsonNode scenario) {
    for (JsonNode command : scenario.path("commands")) {
      Matcher ruleset = RULESET.matcher(command.path("cmd").asText());
      if (command.path("netns").asText().equals("router") && ruleset.matches()) {
        return Option.some(ruleset.group(3) + "\n");
      }
    }
    return Option.none();
  }

  static String of(JsonNode scenario, List<JsonNode> steps) {
    StringBuilder text = new StringBuilder();
    for (String device : List.of("eth0", "eth1")) {
      String mac = scenario.path("macs").path("router_" + device).asText();
      text.append("link set ").append(device).append(" address ").append(mac).append('\n');
    }
    for (JsonNode command : scenario.path("commands")) {
      if (command.path("netns").asText().equals("router")) {
        command(text, command.path("cmd").asText());
      }
    }
    for (JsonNode step : steps) {
      if (step.path("label").asText().equals("router-setup")) {
        negotiated(text, step.path("cmd").asText(), step.path("output").asText());
      }
    }
    return text.toString();
  }

  private static void command(StringBuilder text, String words) {
    Matcher session = STATIC_SESSION.matcher(words);
    if (session.find()) {
      pppoe(text, session.group(1), "ppp0", session.group(4), session.group(3), session.group(2));
    } else if (words.startsWith("ip ")) {
      text.append(words).append('\n');
    }
  }

  private static void pppoe(
      StringBuilder text, String link, String name, String mtu, String session, String peer) {
    text.append("link add link ").append(link).append(" name ").append(name);
    text.append(" mtu ").append(mtu).append(" type pppoe session ").append(session);
    text.append(" peer ").append(peer).append('\n');
  }

  /** What pppd set up, as the tools of that kernel showed it. */
  private static void negotiated(StringBuilder text, String commands, String output) {
    Matcher session = NEGOTIATED_SESSION.matcher(output);
    Matcher address = ADDRESS.matcher(output);
    if (!session.find() || !address.find()) {
      return;
    }
    String name = address.group(1);
    String id = "0x" + session.group(2) + session.group(1);
    pppoe(text, session.group(4), name, address.group(2), id, session.group(3));
    text.append("link set ").append(name).append(" up\n");
    text.append("addr add ").append(address.group(3)).append(" peer ").append(address.group(4));
    text.append(" dev ").append(name).append('\n');
    for (String command : commands.split("; ", -1)) {
      if (command.startsWith("ip link ") || command.startsWith("ip route ")) {
        text.append(command).append('\n');
      }
    }
  }
}
