package io.culvert.encap.ipip;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.EncapTuple;
import io.culvert.spi.Settings;
import io.culvert.testkit.contract.CulvertDomain;
import io.culvert.testkit.gen.RouterPlan;
import io.culvert.testkit.gen.TableCase;
import io.culvert.testkit.law.HostPacket;
import io.culvert.testkit.law.TunnelStack;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/** The kit's domain gives every kind of thing, of the providers on the path. */
@Domain(CulvertDomain.class)
class IpipDomainProperties {
  @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
  void shouldGiveSettingsAndTuplesThatWork(
      @ForAll Settings settings, @ForAll EncapTuple tuple, @ForAll HostPacket packet) {
    assertThat(settings.linkType()).isIn("ipip", "sit", "ip6tnl");
    assertThat(tuple.provider()).isEqualTo("ipip");
    assertThat(packet.payload()).isNotNegative();
  }

  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  void shouldGiveStacksRoutersAndTraffic(
      @ForAll TunnelStack stack, @ForAll RouterPlan router, @ForAll TableCase table) {
    assertThat(stack.depth()).isBetween(1, 8);
    assertThat(router.scenario().problems()).isEmpty();
    assertThat(table.actions()).isNotEmpty();
  }
}
