package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.BARE;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.NESTED;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.answer;
import static io.culvert.flowtable.fixture.Site.fromGateway;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static io.culvert.flowtable.fixture.Site.fromPeer;
import static io.culvert.flowtable.fixture.Site.offer;
import static io.culvert.flowtable.fixture.Site.packet;
import static io.culvert.flowtable.fixture.Site.tuple;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.FlowListener.Cause;
import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Rig;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.Reason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What is counted is what went through, to the packet and the byte. */
@ParameterizedClass
@ValueSource(ints = {1, 8})
class CountersTest {
  private final Site site;
  private final FlowTable table;
  private FlowCounters lastCounters = FlowCounters.ZERO;
  private int removals;

  CountersTest(int workers) {
    site = Site.of(Site.config().withWorkers(workers));
    table = site.table();
  }

  private void listen() {
    table.listener(
        new FlowListener() {
          @Override
          public void removed(Flow flow, Cause cause, FlowCounters counters) {
            lastCounters = counters;
            removals++;
          }
        });
  }

  private void out(String there, int times) {
    for (int n = 0; n < times; n++) {
      assertThat(site.rig().send(LAN, fromHost(packet(there))).reason()).isEqualTo(Reason.NONE);
    }
  }

  private void back(byte[] packet, int times) {
    for (int n = 0; n < times; n++) {
      assertThat(site.rig().send(WAN, fromGateway(packet)).reason()).isEqualTo(Reason.NONE);
    }
  }

  @Test
  void shouldCountWhatAFlowForwardedInEachDirection() {
    listen();
    Flow flow = site.accept("10.2.0.2");
    out("10.2.0.2", 3);
    back(fromPeer(answer("10.2.0.2")), 5);
    FlowCounters expected = new FlowCounters(3, 3 * 38, 5, 5 * 38);
    assertThat(table.counters(flow)).isEqualTo(expected);
    table.remove(tuple("10.2.0.2"), LAN);
    assertThat(lastCounters).isEqualTo(expected);
    assertThat(table.counters(flow)).isEqualTo(FlowCounters.ZERO);
    // The next flow with this key starts from nothing.
    assertThat(table.counters(site.accept("10.2.0.2"))).isEqualTo(FlowCounters.ZERO);
    assertThat(expected.reversed().reversed()).isEqualTo(expected);
    assertThat(expected.plus(expected.reversed())).isEqualTo(new FlowCounters(8, 304, 8, 304));
  }

  /** Padding and outer headers are not counted. */
  @Test
  void shouldCountInnerPacketsOnly() {
    Flow flow = site.accept("10.4.0.2");
    byte[] frame = java.util.Arrays.copyOf(fromHost(packet("10.4.0.2")), 100);
    assertThat(site.rig().send(LAN, frame).reason()).isEqualTo(Reason.NONE);
    assertThat(table.counters(flow)).isEqualTo(new FlowCounters(1, 38, 0, 0));
  }

  @Test
  void shouldCountDevicesAcrossFlowsAlsoAfterTheyLeft() {
    site.accept("10.2.0.2");
    site.accept("10.4.0.2");
    site.accept("10.6.0.2");
    out("10.2.0.2", 2);
    out("10.4.0.2", 3);
    out("10.6.0.2", 4);
    back(fromPeer(answer("10.2.0.2")), 5);
    back(fromPeer(Packets.inToy("172.16.0.2", "172.16.0.1", 8, answer("10.6.0.2"))), 6);
    for (int round = 0; round < 2; round++) {
      assertThat(table.deviceCounters(LAN)).isEqualTo(device(9, 11));
      assertThat(table.deviceCounters(WAN)).isEqualTo(device(11, 9));
      assertThat(table.deviceCounters(TOY)).isEqualTo(device(11, 6));
      assertThat(table.deviceCounters(NESTED)).isEqualTo(device(6, 4));
      assertThat(table.deviceCounters(BARE)).isEqualTo(DeviceCounters.ZERO);
      table.flows().forEach(flow -> table.remove(flow.tuple(), flow.ingress()));
    }
  }

  private static DeviceCounters device(long received, long sent) {
    return new DeviceCounters(received, 38 * received, sent, 38 * sent);
  }

  /** A flow that comes in and leaves by one port counts there both ways. */
  @Test
  void shouldCountADeviceOnBothWaysOfAFlow() {
    FlowTuple tuple = new FlowTuple(ip("10.2.0.2"), ip("10.3.0.2"), 17, 1000, 2000);
    site.accept(new FlowOffer(tuple, TOY, Duration.ZERO));
    byte[] packet = Packets.ipv4("10.2.0.2", "10.3.0.2", 17, Packets.udp(1000, 2000));
    back(fromPeer(packet), 3);
    assertThat(table.deviceCounters(WAN)).isEqualTo(new DeviceCounters(3, 84, 3, 84));
    assertThat(table.deviceCounters(TOY)).isEqualTo(new DeviceCounters(3, 84, 0, 0));
    assertThat(table.deviceCounters(BARE)).isEqualTo(new DeviceCounters(0, 0, 3, 84));
  }

  /** The flow cannot stay, since the table has no room for its new way; what it did stays known. */
  @Test
  void regression_shouldKeepDeviceCountersWhenAFlowCannotBeRefreshed() {
    Site small = Site.of(Site.config().withTemplates(2));
    small.accept("10.4.0.2");
    small.accept("10.4.0.3");
    assertThat(small.rig().send(LAN, fromHost(packet("10.4.0.2"))).reason()).isEqualTo(Reason.NONE);
    small.network().neighbour(WAN, "192.0.2.2", 0x0200_0000_0b77L);
    assertThat(small.table().offer(offer("10.4.0.2")).isLeft()).isTrue();
    assertThat(small.table().size()).isEqualTo(1);
    assertThat(small.table().deviceCounters(WAN)).isEqualTo(new DeviceCounters(0, 0, 1, 38));
  }

  /** The sum over the reasons is the number of frames; each frame is counted once. */
  @Test
  void shouldCountEveryFrameUnderItsReasonAlsoWhenProvidersComeIntoUse() {
    Map<Reason, Long> expected = new EnumMap<>(Reason.class);
    site.accept("10.4.0.2");
    for (int n = 0; n < 30; n++) {
      if (n == 10) {
        site.accept("10.2.0.2");
      }
      site.rig().worker().close();
      String there = new String[] {"10.4.0.2", "10.2.0.2", "10.9.0.2"}[n % 3];
      Rig rig = new Rig(table);
      expected.merge(rig.send(LAN, fromHost(packet(there))).reason(), 1L, Long::sum);
      rig.worker().close();
      rig.worker().close(); // once more: nothing happens
    }
    ReasonCounters counters = table.counters();
    assertThat(counters.frames()).isEqualTo(30);
    for (Reason reason : Reason.values()) {
      assertThat(counters.count(reason))
          .as("%s", reason)
          .isEqualTo(expected.getOrDefault(reason, 0L));
      assertThat(counters.byLabel().get(reason.label())).contains(counters.count(reason));
    }
    assertThat(counters.byLabel().keySet().toJavaList())
        .isEqualTo(java.util.Arrays.stream(Reason.values()).map(Reason::label).toList());
    // A value: it does not move.
    new Rig(table).send(LAN, fromHost(packet("10.4.0.2")));
    assertThat(counters.frames()).isEqualTo(30);
    assertThat(table.counters().frames()).isEqualTo(31);
  }
}
