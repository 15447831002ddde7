package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.answer;
import static io.culvert.flowtable.fixture.Site.fromGateway;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static io.culvert.flowtable.fixture.Site.fromPeer;
import static io.culvert.flowtable.fixture.Site.packet;
import static io.culvert.flowtable.fixture.Site.tuple;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.flowtable.FlowOffer.Seen;
import io.culvert.flowtable.admission.Admission;
import io.culvert.flowtable.fixture.FakeNetwork;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.fixture.Snapshots;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.snapshot.RestoreReport;
import io.culvert.flowtable.snapshot.Snapshot;
import io.culvert.flowtable.status.FlowText;
import io.culvert.flowtable.worker.Reason;
import io.culvert.path.PathError;
import io.vavr.control.Option;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table goes and another one takes its flows over, as far as its own network has ways for them.
 */
class RestoreTest {
  private static final long SECOND = 1_000_000_000L;

  private final Site before = Site.exact();
  private final Site after = Site.exact();

  private RestoreReport restore() {
    return after.table().restore(Snapshots.of(before.table()), Admission.ALL);
  }

  private static List<String> lines(FlowTable table) {
    return table.dump().map(FlowText::line).toList();
  }

  @BeforeEach
  void fill() {
    before.table().tick(0);
    before.accept(new FlowOffer(tuple("10.2.0.2"), LAN, Duration.ofSeconds(30)));
    before.accept("2001:db8:4::2");
    before.accept(new FlowOffer(tuple("10.6.0.2"), LAN, Duration.ofSeconds(40)));
    before.table().tick(20 * SECOND);
    assertThat(before.rig().send(LAN, fromHost(packet("10.2.0.2"))).reason())
        .isEqualTo(Reason.NONE);
    before.rig().send(WAN, fromGateway(fromPeer(answer("10.2.0.2"))));
    before.table().tick(21 * SECOND);
  }

  @Test
  void shouldRestoreFlowsWithWhatIsKnownOfThem() {
    List<Flow> added = new ArrayList<>();
    after
        .table()
        .listener(
            new FlowListener() {
              @Override
              public void added(Flow flow) {
                added.add(flow);
              }
            });
    RestoreReport report = restore();
    assertThat(report.restored()).isEqualTo(3);
    assertThat(report.refused() + report.alreadyThere()).isZero();
    // But for the worker that saw it last: there was none here yet.
    assertThat(lines(after.table()))
        .isEqualTo(
            lines(before.table()).stream().map(l -> l.replace("worker=0", "worker=-")).toList());
    assertThat(added).containsExactlyElementsOf(after.table().flows());
    // They forward, and their counters go on.
    assertThat(after.rig().send(LAN, fromHost(packet("10.2.0.2"))).reason()).isEqualTo(Reason.NONE);
    Flow flow = after.table().flow(tuple("10.2.0.2"), LAN).get();
    assertThat(after.table().counters(flow)).isEqualTo(new FlowCounters(2, 76, 1, 38));
    assertThat(after.table().deviceCounters(TOY)).isEqualTo(new DeviceCounters(1, 38, 2, 76));
  }

  @Test
  void shouldExpireRestoredFlowsWhenTheyWouldHaveExpired() {
    restore();
    after.table().tick(0);
    // One second of 30 and 21 of 40 are over.
    after.table().tick(19 * SECOND - 1_000_000);
    assertThat(after.table().size()).isEqualTo(3);
    assertThat(after.table().tick(19 * SECOND)).isEqualTo(1);
    assertThat(after.table().flow(tuple("10.6.0.2"), LAN)).isEmpty();
    assertThat(after.table().tick(29 * SECOND)).isEqualTo(1);
    assertThat(after.table().size()).isEqualTo(1);
  }

  /** Nobody writes such a flow, but a table may do so that ticks less often than it should. */
  @Test
  void shouldNotRestoreWhatWouldHaveExpired() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Snapshot.write(before.table(), out);
    ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray());
    bytes.putInt(16 + 8 + 24, 30_000); // the first flow's idle time, behind header and device
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, bytes.limit() - 4);
    bytes.putInt(bytes.limit() - 4, (int) crc.getValue());
    Snapshot snapshot = Snapshot.read(new ByteArrayInputStream(bytes.array())).get();
    RestoreReport report = after.table().restore(snapshot, Admission.ALL);
    assertThat(report.restored()).isEqualTo(2);
    OffloadError error = report.refusals().head().error();
    assertThat(error).isEqualTo(new OffloadError.Expired(30_000, 30_000));
    assertThat(error.message()).isEqualTo("idle for 30000 ms; it expires after 30000 ms");
    assertThat(after.table().refusals().get("expired")).contains(1L);
  }

  @Test
  void shouldNotWriteStaleFlows() {
    before.table().policyChanged();
    before.accept("10.6.0.2");
    assertThat(Snapshots.of(before.table()).flows().map(flow -> flow.tuple()))
        .containsExactly(tuple("10.6.0.2"));
  }

  /** With source and ports translated, from either side one flow. */
  @Test
  void shouldRestoreTranslatedFlows() {
    FlowTuple in = new FlowTuple(ip("10.1.0.2"), ip("10.4.0.2"), 6, 1000, 80);
    FlowTuple back = new FlowTuple(ip("10.4.0.2"), ip("192.0.2.1"), 6, 80, 40_000);
    Site nat = Site.exact();
    nat.accept(new FlowOffer(in, back, LAN, Duration.ZERO));
    Snapshot snapshot = Snapshots.of(nat.table());
    assertThat(after.table().restore(snapshot, Admission.ALL).restored()).isEqualTo(1);
    assertThat(lines(after.table())).isEqualTo(lines(nat.table()));
    assertThat(lines(after.table()).getFirst())
        .contains(" src=10.1.0.2 dst=10.4.0.2 sport=1000 dport=80 ")
        .contains(" src=10.4.0.2 dst=192.0.2.1 sport=80 dport=40000 ");
    assertThat(after.table().restore(snapshot, Admission.ALL).alreadyThere()).isEqualTo(1);
    after.table().admission(Admission.excluding("new", _ -> true));
    after.accept(new FlowOffer(in, back, LAN, Duration.ZERO));
    after.table().policyChanged();
    after.accept(new FlowOffer(back, in, WAN, Duration.ZERO));
  }

  @Test
  void shouldLeaveFlowsThatAreThereAsTheyAre() {
    Snapshot snapshot = Snapshots.of(before.table());
    assertThat(after.table().restore(snapshot, Admission.ALL).restored()).isEqualTo(3);
    after.rig().send(LAN, fromHost(packet("10.2.0.2")));
    List<String> there = lines(after.table());
    RestoreReport again = after.table().restore(snapshot, Admission.ALL);
    assertThat(again.alreadyThere()).isEqualTo(3);
    assertThat(again.restored() + again.refused()).isZero();
    assertThat(lines(after.table())).isEqualTo(there);
    // From its other side it is the same flow.
    Site turned = Site.exact();
    turned.accept(new FlowOffer(tuple("10.2.0.2").reversed(), TOY, Duration.ZERO));
    RestoreReport report = turned.table().restore(snapshot, Admission.ALL);
    assertThat(report.alreadyThere()).isEqualTo(1);
    assertThat(report.restored()).isEqualTo(2);
  }

  @Test
  void shouldFindTheWaysOfThePresentNetwork() {
    after.network().neighbour(WAN, "fe80::2", 0x0200_0000_0b77L);
    after.network().withoutRoute("10.6.0.0/16");
    after.network().route("10.2.0.0/16", Site.BARE);
    RestoreReport report = restore();
    assertThat(report.restored()).isEqualTo(2);
    assertThat(report.refusedByLabel().toJavaMap())
        .isEqualTo(java.util.Map.of("path-no-route", 1L));
    assertThat(report.refusals().head().flow().tuple()).isEqualTo(tuple("10.6.0.2"));
    assertThat(after.table().flow(tuple("10.2.0.2"), LAN).get().original().devices())
        .containsExactly(Site.BARE, WAN);
    byte[] frame = after.rig().send(LAN, fromHost(packet("2001:db8:4::2"))).frame();
    assertThat(frame[5]).isEqualTo((byte) 0x77);
  }

  /** Indexes change over a restart, names do not. */
  @Test
  void shouldFindDevicesByTheirNames() {
    FakeNetwork network =
        new FakeNetwork()
            .port(5, "eth0", 1500)
            .port(1, "eth1", 1500)
            .route("2001:db8:1::/48", 5)
            .route("2001:db8:4::/48", 1, "fe80::2")
            .route("10.0.0.0/8", 5)
            .neighbour(5, "2001:db8:1::2", 1)
            .neighbour(1, "fe80::2", 2);
    FlowTable table = new FlowTable(Site.config(), EncapRegistry.of(), network);
    table.addPort(5);
    table.addPort(1);
    Snapshot snapshot = Snapshots.of(before.table());
    assertThat(table.restore(snapshot, Admission.ALL).restored()).isEqualTo(1);
    assertThat(table.flows().head().ingress()).isEqualTo(5);

    FlowTable without =
        new FlowTable(Site.config(), EncapRegistry.of(), new FakeNetwork().port(1, "eth1", 1500));
    RestoreReport report = without.restore(snapshot, Admission.ALL);
    assertThat(report.refused()).isEqualTo(3);
    assertThat(report.refusals().map(RestoreReport.Refusal::error).distinct())
        .containsExactly(new OffloadError.NoPath("ingress", new PathError.NoDevice("eth0")));
    assertThat(without.size()).isZero();
  }

  /** The policy of today is asked, not the table's own admission. */
  @Test
  void shouldAskTheAdmissionThatItIsGiven() {
    after.table().admission(Admission.excluding("everything", _ -> true));
    List<FlowOffer> asked = new ArrayList<>();
    Admission policy =
        (offer, _) -> {
          asked.add(offer);
          return Option.when(
              offer.tuple().equals(tuple("10.6.0.2")), new OffloadError.Excluded("policy"));
        };
    RestoreReport report = after.table().restore(Snapshots.of(before.table()), policy);
    assertThat(report.restored()).isEqualTo(2);
    assertThat(report.refusedByLabel().toJavaMap())
        .isEqualTo(java.util.Map.of("excluded-policy", 1L));
    assertThat(asked)
        .extracting(FlowOffer::seen)
        .containsExactly(Seen.BOTH_WAYS, Seen.UNKNOWN, Seen.UNKNOWN);
    assertThat(after.table().refusals().toJavaMap())
        .isEqualTo(java.util.Map.of("excluded-policy", 1L));
  }

  @Test
  void shouldListSomeRefusalsAndCountAll() {
    Site many = Site.of(Site.config().withFlows(256, 1));
    for (int port = 0; port < 200; port++) {
      many.accept(
          new FlowOffer(
              new FlowTuple(ip("10.1.0.2"), ip("10.4.0.2"), 6, port, 80), LAN, Duration.ZERO));
    }
    RestoreReport report = after.table().restore(Snapshots.of(many.table()), Admission.ALL);
    // Its table has room for 64.
    assertThat(report.restored()).isEqualTo(64);
    assertThat(report.refused()).isEqualTo(136);
    assertThat(report.refusals()).hasSize(RestoreReport.MOST_REFUSALS);
    assertThat(report.refusedByLabel().toJavaMap()).isEqualTo(java.util.Map.of("table-full", 136L));
  }

  @Test
  void shouldSaveAFileAsAWholeOrNotAtAll(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("flows.snapshot");
    assertThat(Snapshot.save(before.table(), file)).isEqualTo(3);
    assertThat(Snapshot.load(file).get().size()).isEqualTo(3);
    before.table().remove(tuple("10.2.0.2"), LAN);
    assertThat(Snapshot.save(before.table(), file)).isEqualTo(2);
    assertThat(Snapshot.load(file).get().size()).isEqualTo(2);
    assertThat(folder.toFile().list()).containsExactly("flows.snapshot");

    Path nowhere = folder.resolve("not/there");
    assertThatThrownBy(() -> Snapshot.save(before.table(), nowhere))
        .isInstanceOf(NoSuchFileException.class);
    // A name under which no file can stand: nothing of the attempt is left.
    Path taken = Files.createDirectory(folder.resolve("taken"));
    Files.createFile(taken.resolve("inside"));
    assertThatThrownBy(() -> Snapshot.save(before.table(), taken)).isInstanceOf(IOException.class);
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("flows.snapshot", "taken");
  }

  @Test
  void shouldPassOnThatAStreamFailed() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("disk full");
          }
        };
    assertThatThrownBy(() -> Snapshot.write(before.table(), full)).hasMessage("disk full");
  }
}
