package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.answer;
import static io.culvert.flowtable.fixture.Site.fromGateway;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static io.culvert.flowtable.fixture.Site.fromPeer;
import static io.culvert.flowtable.fixture.Site.packet;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.FlowListener.Cause;
import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Rig.Outcome;
import io.culvert.flowtable.fixture.Rig.Shot;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.fixture.ToyEncap;
import io.culvert.flowtable.worker.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A provider that throws per packet loses its slot; everybody else goes on. */
class FuseTest {
  private static final byte[] THROWING =
      fromGateway(
          Packets.inToy("192.0.2.9", "192.0.2.1", ToyEncap.THROWING_KEY, answer("10.2.0.2")));

  private final Site site = Site.exact();
  private final List<String> removed = new ArrayList<>();

  @BeforeEach
  void offerFlows() {
    site.accept("10.2.0.2");
    site.accept("10.3.0.2");
    site.accept("10.4.0.2");
    site.accept("10.6.0.2");
    site.table()
        .listener(
            new FlowListener() {
              @Override
              public void removed(Flow flow, Cause cause, FlowCounters counters) {
                removed.add(cause + " " + flow.tuple().destination());
              }
            });
  }

  private Reason bare() {
    byte[] packet = Packets.inBare("192.0.2.8", "192.0.2.1", answer("10.3.0.2"));
    return site.rig().send(WAN, fromGateway(packet)).reason();
  }

  @Test
  void shouldTakeTheSlotAwayInTheMiddleOfABurstAndGoOnWithTheOthers() {
    Shot good = new Shot(WAN, 0, fromGateway(fromPeer(answer("10.2.0.2"))));
    Shot bad = new Shot(WAN, 0, THROWING);
    Shot bare =
        new Shot(WAN, 0, fromGateway(Packets.inBare("192.0.2.8", "192.0.2.1", answer("10.3.0.2"))));
    Shot plain = new Shot(LAN, 0, fromHost(packet("10.4.0.2")));
    assertThat(site.rig().send(List.of(good, bare, bad, good, bare, plain, bad)))
        .extracting(Outcome::reason)
        .containsExactly(
            Reason.NONE,
            Reason.NONE,
            Reason.PROVIDER_FAULT,
            Reason.PROTOCOL,
            Reason.NONE,
            Reason.NONE,
            Reason.PROTOCOL);
  }

  @Test
  void shouldTearDownTheProvidersFlowsAtTheNextTickAndSayWhy() {
    assertThat(site.rig().send(WAN, THROWING).reason()).isEqualTo(Reason.PROVIDER_FAULT);
    assertThat(site.table().blownFuses())
        .containsExactly("toy: java.lang.IllegalStateException: toy throws as it was told to");
    assertThat(removed).isEmpty();
    assertThat(site.table().tick(0)).isEqualTo(2);
    assertThat(removed).containsExactly("PROVIDER_FAULT 10.2.0.2", "PROVIDER_FAULT 10.6.0.2");
    assertThat(site.rig().send(LAN, fromHost(packet("10.2.0.2"))).reason()).isEqualTo(Reason.MISS);
    assertThat(bare()).isEqualTo(Reason.NONE);
    assertThat(site.rig().send(LAN, fromHost(packet("10.4.0.2"))).reason()).isEqualTo(Reason.NONE);
    assertThat(site.table().tick(1)).isZero();
    assertThat(site.table().size()).isEqualTo(2);
  }

  /** Somebody else's packet that would make it throw is none of its business. */
  @Test
  void shouldNotAskAProviderAboutPacketsForAnotherEnd() {
    byte[] transit =
        fromGateway(
            Packets.inToy("192.0.2.9", "10.1.0.77", ToyEncap.THROWING_KEY, answer("10.2.0.2")));
    assertThat(site.rig().send(WAN, transit).reason()).isEqualTo(Reason.PROTOCOL);
    assertThat(site.table().blownFuses()).isEmpty();
  }

  @Test
  void shouldStayBlownInAPipelineThatIsCompiledLater() {
    Site fresh = Site.exact();
    fresh.accept("10.2.0.2");
    assertThat(fresh.rig().send(WAN, THROWING).reason()).isEqualTo(Reason.PROVIDER_FAULT);
    fresh.accept("10.3.0.2"); // brings another provider into use
    assertThat(fresh.rig().send(WAN, THROWING).reason()).isEqualTo(Reason.PROTOCOL);
    assertThat(fresh.table().blownFuses()).hasSize(1);
  }
}
