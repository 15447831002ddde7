package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.Site.LAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Rig;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.Reason;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tables filled to the last flow, so that keys lie in their second buckets too: one that the packet
 * path looks through in one pass, and ones for which it overlaps cache misses. What is in them is
 * found, in bursts of both families and of hits and misses; what was never there or has left is
 * not.
 */
class FullTableTest {
  private static final int BURST = 200;

  private final SplittableRandom random = new SplittableRandom(7);

  private static FlowTuple tuple(boolean six, int number) {
    int port = 1 + number % 60_000;
    int last = 2 + number / 60_000;
    return new FlowTuple(
        ip(six ? "2001:db8:1::2" : "10.1.0.2"),
        ip(six ? "2001:db8:2::" + last : "10.2.0." + last),
        IpProtocol.UDP,
        port,
        4000);
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text).get();
  }

  private static Rig.Shot shot(FlowTuple tuple, boolean six) {
    byte[] udp = Packets.udp(tuple.sourcePort(), tuple.destinationPort(), Packets.payload(4));
    String source = tuple.source().toString();
    String destination = tuple.destination().toString();
    byte[] packet =
        six
            ? Packets.ipv6(source, destination, IpProtocol.UDP, udp)
            : Packets.ipv4(source, destination, IpProtocol.UDP, udp);
    return new Rig.Shot(LAN, 64, Site.fromHost(packet));
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 2048, 4096})
  void shouldFindWhatIsThereAndNothingElse(int flows) {
    Site site = Site.of(Site.config().withFlows(flows, flows));
    for (int number = 0; number < flows; number++) {
      for (boolean six : new boolean[] {false, true}) {
        site.accept(new FlowOffer(tuple(six, number), LAN, Duration.ZERO));
      }
    }
    Rig rig = new Rig(site.table(), 1 << 16).withoutExplaining();
    // As many numbers again that were never offered.
    sendAll(rig, 2 * flows, number -> number < flows);
    for (int number = 0; number < flows; number += 2) {
      site.table().remove(tuple(false, number), LAN);
      site.table().remove(tuple(true, number), LAN);
    }
    sendAll(rig, flows, number -> number % 2 == 1);
  }

  private void sendAll(Rig rig, int numbers, java.util.function.IntPredicate isThere) {
    List<Rig.Shot> shots = new ArrayList<>();
    List<Reason> expected = new ArrayList<>();
    for (int number = 0; number < numbers; number++) {
      boolean six = random.nextBoolean();
      shots.add(shot(tuple(six, number), six));
      expected.add(isThere.test(number) ? Reason.NONE : Reason.MISS);
      if (shots.size() == BURST || number == numbers - 1) {
        assertThat(rig.send(shots)).extracting(Rig.Outcome::reason).isEqualTo(expected);
        shots.clear();
        expected.clear();
      }
    }
  }
}
