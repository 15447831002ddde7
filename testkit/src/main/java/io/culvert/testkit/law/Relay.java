package io.culvert.testkit.law;

import io.culvert.testkit.law.TunnelStack.Side;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * A router between two stacks: what comes out of one goes into the other, so that a flow's reply
 * has another stack than its original.
 *
 * <pre>
 * client - eth0 [near] eth1 === access === eth0 [relay] eth1 === core === eth1 [far] eth0 - server
 * </pre>
 *
 * @param access the stack to the clients; the relay is its far end
 * @param core the stack to the servers; the relay is its near end
 */
public record Relay(TunnelStack access, TunnelStack core) {
  /** The number of the core's outermost layer in the address plan: behind all of the other. */
  private static final int CORE = 20;

  /** Hops that take one from the TTL, and one to spare. */
  private static final int LEAST_TTL = 5;

  /**
   * A relay of two stacks. Of the core's layers those are left out that one router cannot have
   * beside the access stack's.
   */
  public static Relay of(TunnelStack access, TunnelStack core) {
    Seq<String> sockets = access.layers().map(StackLayer::socket).reject(String::isEmpty);
    return new Relay(
        access,
        new TunnelStack(core.layers().takeUntil(layer -> sockets.contains(layer.socket())), CORE));
  }

  /** The same routers without tunnels. */
  static Relay plain() {
    return of(TunnelStack.of(List.empty()), TunnelStack.of(List.empty()));
  }

  /** The router in the middle. */
  Scenario scenario() {
    return StackScenario.between(access, core);
  }

  /** The clients' router. */
  Scenario near() {
    return access.scenario(Side.NEAR);
  }

  /** The servers' router. */
  Scenario far() {
    return core.scenario(Side.FAR);
  }

  /** A packet that the hosts can send through both stacks; none if they share no family. */
  Option<HostPacket> fit(HostPacket packet) {
    Seq<IpFamily> families = access.families().filter(core.families()::contains);
    IpFamily wish = packet.isV6() ? IpFamily.V6 : IpFamily.V4;
    return families
        .find(wish::equals)
        .orElse(families.headOption())
        .map(family -> {
          PlainFrames.Ip fields = packet.fields();
          int ttl = Math.max(LEAST_TTL, fields.ttl());
          return core.fit(
              access.fit(
                  new HostPacket(
                      new PlainFrames.Ip(fields.tos(), ttl, fields.flags(), fields.id()),
                      packet.payload(),
                      packet.padding(),
                      family == IpFamily.V6)));
        });
  }

  /** A frame of a host that fits. */
  byte[] fromHost(Side side, HostPacket packet) {
    return (side == Side.NEAR ? access : core).fromHost(side, packet);
  }

  @Override
  public String toString() {
    return "from the client through " + access + "\nto the server through " + core;
  }
}
