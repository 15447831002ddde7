package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.BARE;
import static io.culvert.flowtable.fixture.Site.GATEWAY_MAC;
import static io.culvert.flowtable.fixture.Site.HOST_MAC;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.NESTED;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static io.culvert.flowtable.fixture.Site.packet;
import static io.culvert.flowtable.fixture.Site.tuple;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.FlowListener.Cause;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.Reason;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.MacAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which flows a change is about: of one by the toy tunnel, one by the bare one, one plain, one by a
 * tunnel in the toy tunnel, one over IPv6, and one that is translated.
 */
class FlowScopeTest {
  private static final String[] ALL = {
    "10.2.0.2", "10.3.0.2", "10.4.0.2", "10.6.0.2", "2001:db8:2::2", "2001:db8:4::2"
  };
  private static final String TRANSLATED = "10.4.0.9";

  private final Site site = Site.exact();
  private final FlowTable table = site.table();

  private void acceptAll() {
    Arrays.stream(ALL).forEach(site::accept);
    // To 10.4.0.9, which is 10.4.0.7 behind; from 192.0.2.1 as seen from there.
    site.accept(
        new FlowOffer(
            tuple(TRANSLATED),
            new FlowTuple(ip("10.4.0.7"), ip("192.0.2.1"), 17, 2000, 5000),
            LAN,
            Duration.ZERO));
  }

  private static FlowScope route(String prefix) {
    return new FlowScope.Route(IpPrefix.parse(prefix).get());
  }

  private static FlowScope address(String address) {
    return new FlowScope.Address(ip(address));
  }

  private static FlowScope nextHop(int ifindex, long mac) {
    return new FlowScope.NextHop(ifindex, new MacAddress(mac));
  }

  static Stream<Arguments> scopes() {
    List<String> everything = new ArrayList<>(List.of(ALL));
    everything.add(TRANSLATED);
    return Stream.of(
        Arguments.of(new FlowScope.Device(BARE), List.of("10.3.0.2")),
        Arguments.of(new FlowScope.Device(NESTED), List.of("10.6.0.2")),
        Arguments.of(new FlowScope.Device(TOY), List.of("10.2.0.2", "10.6.0.2", "2001:db8:2::2")),
        Arguments.of(new FlowScope.Device(LAN), everything),
        Arguments.of(new FlowScope.Device(77), List.of()),
        // Where a flow's own packets go to.
        Arguments.of(route("10.2.0.0/15"), List.of("10.2.0.2", "10.3.0.2")),
        Arguments.of(route("2001:db8:4::/48"), List.of("2001:db8:4::2")),
        // Behind the translation, and back to where the client is, not to its outside address.
        Arguments.of(route("10.4.0.9/32"), List.of()),
        Arguments.of(route("10.4.0.7/32"), List.of(TRANSLATED)),
        Arguments.of(route("192.0.2.1/32"), List.of()),
        Arguments.of(
            route("10.1.0.0/16"),
            everything.stream().filter(there -> !there.contains(":")).toList()),
        // Where the tunnels' packets go to: the toy one's, and the bare one's.
        Arguments.of(route("192.0.2.9/32"), List.of("10.2.0.2", "10.6.0.2", "2001:db8:2::2")),
        Arguments.of(
            route("192.0.2.8/31"), List.of("10.2.0.2", "10.3.0.2", "10.6.0.2", "2001:db8:2::2")),
        Arguments.of(route("172.16.0.2/32"), List.of("10.6.0.2")),
        Arguments.of(route("172.16.0.1/32"), List.of()),
        Arguments.of(
            new FlowScope.FarEnd(ip("192.0.2.9")),
            List.of("10.2.0.2", "10.6.0.2", "2001:db8:2::2")),
        Arguments.of(new FlowScope.FarEnd(ip("172.16.0.2")), List.of("10.6.0.2")),
        Arguments.of(new FlowScope.FarEnd(ip("172.16.0.1")), List.of()),
        Arguments.of(new FlowScope.FarEnd(ip("10.4.0.2")), List.of()),
        // Either end of a flow, however it is seen.
        Arguments.of(address("10.4.0.9"), List.of(TRANSLATED)),
        Arguments.of(address("10.4.0.7"), List.of(TRANSLATED)),
        Arguments.of(address("2001:db8:1::2"), List.of("2001:db8:2::2", "2001:db8:4::2")),
        // Either end of a tunnel, or of a flow.
        Arguments.of(address("172.16.0.1"), List.of("10.6.0.2")),
        Arguments.of(
            address("192.0.2.1"),
            List.of("10.2.0.2", "10.3.0.2", "10.6.0.2", "2001:db8:2::2", TRANSLATED)),
        Arguments.of(address("192.0.2.8"), List.of("10.3.0.2")),
        Arguments.of(address("192.0.2.77"), List.of()),
        // Who the frames are sent to.
        Arguments.of(nextHop(WAN, GATEWAY_MAC), everything),
        Arguments.of(nextHop(LAN, HOST_MAC), everything),
        Arguments.of(nextHop(WAN, HOST_MAC), List.of()),
        Arguments.of(nextHop(TOY, GATEWAY_MAC), List.of()));
  }

  private Set<String> stale() {
    Set<String> stale = new TreeSet<>();
    Stream.concat(Arrays.stream(ALL), Stream.of(TRANSLATED))
        .filter(there -> site.rig().send(LAN, fromHost(packet(there))).reason() == Reason.STALE)
        .forEach(stale::add);
    return stale;
  }

  @ParameterizedTest
  @MethodSource("scopes")
  void shouldInvalidateExactlyThose(FlowScope scope, List<String> concerned) {
    acceptAll();
    assertThat(table.invalidate(scope)).isEqualTo(concerned.size());
    assertThat(stale()).containsExactlyInAnyOrderElementsOf(concerned);
    acceptAll();
    assertThat(stale()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("scopes")
  void shouldTakeExactlyThoseOut(FlowScope scope, List<String> concerned) {
    acceptAll();
    List<String> gone = new ArrayList<>();
    table.listener(
        new FlowListener() {
          @Override
          public void removed(Flow flow, Cause cause, FlowCounters counters) {
            assertThat(cause).isEqualTo(Cause.REMOVED);
            gone.add(flow.tuple().destination().toString());
          }
        });
    assertThat(table.teardown(scope)).isEqualTo(concerned.size());
    assertThat(gone).containsExactlyInAnyOrderElementsOf(concerned);
    assertThat(table.size()).isEqualTo(ALL.length + 1 - concerned.size());
    assertThat(table.removals().get(Cause.REMOVED).getOrElse(0L)).isEqualTo(concerned.size());
    assertThat(table.teardown(scope)).isZero();
  }

  /** What was found before may be wrong now, also for flows that are not there yet. */
  @Test
  void shouldNotTakeFlowsByWaysThatMayHaveChanged() {
    Way out = table.way(ip("10.1.0.2"), ip("10.4.0.2")).get();
    Way back = table.way(ip("10.4.0.2"), ip("10.1.0.2")).get();
    RoutedOffer offer = new RoutedOffer(tuple("10.4.0.3"), out, back);
    table.invalidate(nextHop(WAN, HOST_MAC)); // somebody else
    assertThat(table.offer(offer).isRight()).isTrue();
    table.invalidate(route("10.4.0.3/32")); // a route of its own, say
    assertThat(table.offer(offer).getLeft()).isEqualTo(new OffloadError.StaleWay("original"));
    Way fresh = table.way(ip("10.1.0.2"), ip("10.4.0.2")).get();
    table.invalidate(nextHop(WAN, GATEWAY_MAC));
    assertThat(table.offer(new RoutedOffer(tuple("10.4.0.3"), fresh, back)).isLeft()).isTrue();
  }
}
