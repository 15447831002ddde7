package io.culvert.testkit.gen;

import io.culvert.flowtable.FlowTuple;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.testkit.nft.ForwardRules;
import io.culvert.testkit.nft.NftReader;
import io.culvert.testkit.router.Forwarding;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioAddress;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;

/**
 * Rules that translate the addresses of flows, and the flows as hosts then see them.
 *
 * @param ruleset the rules, as {@code nft -f} reads them
 * @param flows the flows
 */
record NatPlan(String ruleset, List<FlowPlan> flows) {
  private static final int ACK = 0x10;

  /** What is translated. */
  enum Kind {
    NONE,
    MASQUERADE,
    SNAT,
    SNAT_PORT,
    SNAT_PORTS,
    DNAT,
    DNAT_PORT,
    PORT,
    BOTH;

    /** What is left of it for a protocol without ports. */
    Kind withoutPorts() {
      return this == MASQUERADE || this == SNAT ? this : NONE;
    }
  }

  /**
   * Numbers of which a flow's rules are made.
   *
   * @param kind what is translated
   * @param own true for an address of the router in front, false for one that is nobody's
   * @param port chooses ports; equal ones make flows contend for one
   */
  record Recipe(Kind kind, boolean own, int port) {}

  /** A flow that its host sends to where a rule waits for it, and its rules. */
  private record Step(FlowPlan flow, List<String> pre, List<String> post) {}

  static NatPlan of(RouterPlan router, List<FlowPlan> flows, List<Recipe> recipes) {
    List<Step> steps =
        flows.zipWithIndex(
            (flow, i) -> step(router.scenario(), flow, i, recipes.get(i % recipes.size())));
    String ruleset =
        "table inet nat {\n"
            + chain("pre", "prerouting priority dstnat", steps.flatMap(Step::pre))
            + chain("post", "postrouting priority srcnat", steps.flatMap(Step::post))
            + "}\n";
    ForwardRules rules =
        ForwardRules.of(NftReader.read("generated", ruleset).get(), router.scenario()).get();
    return new NatPlan(ruleset, steps.map(step -> answered(rules, step.flow())));
  }

  private static String chain(String name, String place, List<String> rules) {
    return "  chain "
        + name
        + " {\n    type nat hook "
        + place
        + "\n"
        + rules.map(rule -> "    " + rule + "\n").mkString()
        + "  }\n";
  }

  private static Step step(Scenario scenario, FlowPlan flow, int i, Recipe recipe) {
    FlowTuple real = flow.tuple();
    boolean v4 = real.family() == IpFamily.V4;
    String ip = v4 ? "ip" : "ip6";
    String transport = real.protocol() == PlainFrames.TCP ? "tcp" : "udp";
    IpAddress front =
        AddressPlan.address(v4 ? "203.0.113." + (60 + i) : "2001:db8:203::" + (60 + i));
    IpAddress behind = AddressPlan.address(v4 ? "198.51.100.7" : "2001:db8:198::7");
    IpAddress seen = recipe.own() ? own(scenario, flow.from(), real.family(), front) : front;
    IpAddress hidden = recipe.own() ? own(scenario, flow.to(), real.family(), behind) : behind;
    int waits = 7000 + i;
    int chosen = 30_000 + recipe.port();
    String in = "iifname \"" + name(scenario, flow.from()) + "\" " + ip + " daddr ";
    String out =
        "oifname \"" + name(scenario, flow.to()) + "\" " + ip + " saddr " + real.source() + " ";
    String source = transport + " sport " + real.sourcePort() + " ";
    String to = v4 ? hidden + ":" : "[" + hidden + "]:";
    String target = v4 ? real.destination() + "" : "[" + real.destination() + "]";
    String dnat = " dnat " + ip + " to ";
    String at = " " + transport + " dport ";
    return switch (hasPorts(real) ? recipe.kind() : recipe.kind().withoutPorts()) {
      case NONE -> new Step(flow, List.empty(), List.empty());
      case MASQUERADE ->
          new Step(
              flow,
              List.empty(),
              List.of("oifname \"" + name(scenario, flow.to()) + "\" masquerade"));
      case SNAT -> post(flow, out + "snat " + ip + " to " + hidden);
      case SNAT_PORT -> post(flow, out + source + "snat " + ip + " to " + to + chosen);
      case SNAT_PORTS ->
          post(
              flow,
              out + source + "snat " + ip + " to " + to + "30000-" + (30_001 + recipe.port()));
      case DNAT ->
          new Step(
              sent(flow, seen, real.destinationPort()),
              List.of(in + seen + at + real.destinationPort() + dnat + real.destination()),
              List.empty());
      case DNAT_PORT ->
          new Step(
              sent(flow, seen, waits),
              List.of(in + seen + at + waits + dnat + target + ":" + real.destinationPort()),
              List.empty());
      case PORT ->
          new Step(
              sent(flow, real.destination(), waits),
              List.of(in + real.destination() + at + waits + " dnat to :" + real.destinationPort()),
              List.empty());
      case BOTH ->
          new Step(
              sent(flow, seen, waits),
              List.of(in + seen + at + waits + dnat + target + ":" + real.destinationPort()),
              List.of(out + source + "snat " + ip + " to " + to + chosen));
    };
  }

  private static Step post(FlowPlan flow, String rule) {
    return new Step(flow, List.empty(), List.of(rule));
  }

  private static FlowPlan sent(FlowPlan flow, IpAddress to, int port) {
    FlowTuple t = flow.tuple();
    return new FlowPlan(
        flow.from(), flow.to(), new FlowTuple(t.source(), to, t.protocol(), t.sourcePort(), port));
  }

  private static String name(Scenario scenario, Place place) {
    return scenario.device(place.device()).map(ScenarioDevice::name).get();
  }

  private static IpAddress own(
      Scenario scenario, Place place, IpFamily family, IpAddress otherwise) {
    return scenario
        .addresses()
        .filter(address -> address.device().equals(name(scenario, place)))
        .map(ScenarioAddress::prefix)
        .map(prefix -> prefix.address())
        .find(address -> address.family() == family)
        .getOrElse(otherwise);
  }

  private static boolean hasPorts(FlowTuple tuple) {
    return tuple.protocol() == PlainFrames.TCP || tuple.protocol() == PlainFrames.UDP;
  }

  /** The flow with the answers that a first packet of it would get, if it came now. */
  private static FlowPlan answered(ForwardRules rules, FlowPlan flow) {
    FlowTuple t = flow.tuple();
    byte[] transport =
        t.protocol() == PlainFrames.TCP
            ? PlainFrames.tcp(t.sourcePort(), t.destinationPort(), ACK, 0, new byte[0])
            : PlainFrames.udp(t.sourcePort(), t.destinationPort(), 0, new byte[0]);
    byte[] packet =
        PlainFrames.ip(
            PlainFrames.Ip.ttl(64), t.source(), t.destination(), t.protocol(), transport);
    if (hasPorts(t)) {
      PlainFrames.fixTransportChecksum(packet);
    }
    int from = flow.from().device();
    int to = flow.to().device();
    return rules
        .prerouting(packet, from)
        .flatMap(routed -> rules.postrouting(routed, from, to))
        .map(sent -> new Forwarding(from, from, to, packet, sent).replyTuple())
        .map(reply -> new FlowPlan(flow.from(), flow.to(), t, reply))
        .getOrElse(flow);
  }
}
