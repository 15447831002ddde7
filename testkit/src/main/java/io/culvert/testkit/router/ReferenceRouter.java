package io.culvert.testkit.router;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.path.Network;
import io.culvert.testkit.codec.PlainCodec;
import io.culvert.testkit.codec.PlainCodecs;
import io.culvert.testkit.codec.PlainSequences;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.ServiceLoader;
import java.util.function.IntFunction;

/**
 * A router that does with a frame what Linux's slow path does: forwarding in IPv4 and IPv6 over all
 * devices of a scenario, one frame at a time.
 *
 * <p>By itself it has no rules; {@link #hooks} says where they come in. Devices whose link type has
 * no {@link PlainCodec} are treated as out of scope. Apart from path MTUs that it was told by ICMP,
 * and what a codec keeps (sequence numbers), a frame's outcome does not depend on earlier ones. Not
 * for several threads.
 */
public final class ReferenceRouter {
  private final Scenario scenario;
  private final RouterState state;
  private final FrameInput input;

  /** A router with the codecs that the {@link ServiceLoader} finds. */
  public ReferenceRouter(Scenario scenario) {
    this(scenario, PlainCodecs.installed());
  }

  /** A router with naive codecs, or where there is none the registry's providers themselves. */
  public static ReferenceRouter of(Scenario scenario, EncapRegistry registry) {
    return new ReferenceRouter(
        scenario, PlainCodecs.of(registry.providers().map(Guarded::provider)));
  }

  /**
   * A router with given codecs.
   *
   * @param scenario a scenario without {@link Scenario#problems}
   * @param codecs the protocols that it speaks
   */
  public ReferenceRouter(Scenario scenario, Seq<PlainCodec> codecs) {
    this(scenario, codecs, false);
  }

  /**
   * A router with given codecs, and perhaps with connection tracking, which puts fragments
   * together.
   *
   * @param scenario a scenario without {@link Scenario#problems}
   * @param codecs the protocols that it speaks
   * @param tracksConnections true if it does, as a router with stateful rules
   */
  public ReferenceRouter(Scenario scenario, Seq<PlainCodec> codecs, boolean tracksConnections) {
    if (scenario.problems().nonEmpty()) {
      throw new IllegalArgumentException("scenario: " + scenario.problems().mkString("; "));
    }
    this.scenario = scenario;
    state = new RouterState(scenario, tunnels(scenario, codecs), tracksConnections);
    Output output = new Output(state);
    TunnelInput tunnels = new TunnelInput(state);
    LocalInput local = new LocalInput(state, tunnels);
    Ipv4Input ipv4 = new Ipv4Input(state, local, output);
    Ipv6Input ipv6 = new Ipv6Input(state, local, output);
    input = new FrameInput(state, ipv4, ipv6);
    tunnels.behind(input);
  }

  /**
   * What becomes of a frame.
   *
   * @param ifindex index of the port that it comes in by
   * @param frame the frame without FCS; not changed
   */
  public RouterOutcome process(int ifindex, byte[] frame) {
    return input.receive(ifindex, frame);
  }

  /**
   * Takes the sequence numbers of tunnels from elsewhere from now on.
   *
   * @param shared the numbers of a device, by its index; none if it keeps its own
   */
  public void share(IntFunction<Option<PlainSequences>> shared) {
    state
        .tunnels()
        .forEach(tunnel -> shared.apply(tunnel.device().ifindex()).forEach(tunnel.codec()::share));
  }

  /** Lets rules decide over packets from now on, and translate their addresses. */
  public void hooks(PacketHooks hooks) {
    state.hooks(hooks);
  }

  /** The scenario. */
  public Scenario scenario() {
    return scenario;
  }

  /** What path discovery asks: the scenario, and the path MTUs that the router was told since. */
  public Network network() {
    return new LearnedNetwork(scenario.network(), state);
  }

  /** How often the router was told something that may change its forwarding. */
  public int stateChanges() {
    return state.changes();
  }

  private static Seq<RouterTunnel> tunnels(Scenario scenario, Seq<PlainCodec> codecs) {
    return scenario
        .devices()
        .filter(d -> d.kind() == ScenarioDevice.Kind.VIRTUAL)
        .flatMap(device ->
            codecs
                .find(c -> c.linkTypes().contains(device.settings().linkType()))
                .flatMap(c -> c.open(device.settings()).toOption())
                .map(tunnel -> new RouterTunnel(device, tunnel)));
  }
}
