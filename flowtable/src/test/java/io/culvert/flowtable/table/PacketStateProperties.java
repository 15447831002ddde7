package io.culvert.flowtable.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PacketStateProperties {

  /** As the parser looks: from the hash on, up to the first free slot. */
  private static boolean contains(long[] set, long endpoint) {
    int at = PacketState.endpointHash(endpoint) & set.length - 1;
    for (int probe = 0; probe < set.length && set[at] != 0; probe++) {
      if (set[at] == endpoint) {
        return true;
      }
      at = at + 1 & set.length - 1;
    }
    return false;
  }

  @Property
  void shouldHoldExactlyTheEndpointsGiven(
      @ForAll @Size(max = 100) Set<@IntRange(min = 1, max = 400) Integer> addresses) {
    PacketState state = new PacketState();
    long[] endpoints =
        addresses.stream().mapToLong(a -> PacketState.endpoint4(1 + a % 3, a)).toArray();
    state.endpoints4(endpoints);
    for (int slot = 1; slot <= 3; slot++) {
      for (int address = 1; address <= 400; address++) {
        assertThat(contains(state.endpoints4(), PacketState.endpoint4(slot, address)))
            .isEqualTo(slot == 1 + address % 3 && addresses.contains(address));
      }
    }
    assertThat(state.endpoints4()).contains(0); // a search always ends
  }

  @Property
  void shouldPackThePortsWordWithoutOverlap(
      @ForAll int ports,
      @ForAll @IntRange(max = 255) int protocol,
      @ForAll @IntRange(max = 8) int depth,
      @ForAll @IntRange(max = 65535) int port) {
    long word = PacketState.portsWord(ports, protocol, depth, port);
    assertThat((int) (word >>> 32)).isEqualTo(ports);
    assertThat((int) (word >>> 24) & 0xff).isEqualTo(protocol);
    assertThat((int) (word >>> 16) & 0xff).isEqualTo(depth);
    assertThat((int) word & 0xffff).isEqualTo(port);
  }

  @Test
  void shouldTakeEveryProtocolOfASlotAwayWhenItsFuseBlows() {
    PacketState state = new PacketState();
    state.protocol4(4, 1);
    state.protocol4(253, 1);
    state.protocol4(254, 2);
    IllegalStateException first = new IllegalStateException("first");
    state.blowFuse(1, first);
    state.blowFuse(1, new IllegalStateException("second"));
    assertThat(state.slotsByProtocol4()[4]).isZero();
    assertThat(state.slotsByProtocol4()[253]).isZero();
    assertThat(state.slotsByProtocol4()[254]).isEqualTo((byte) 2);
    assertThat(state.blown()).containsOnlyKeys(1).containsEntry(1, first);
  }
}
