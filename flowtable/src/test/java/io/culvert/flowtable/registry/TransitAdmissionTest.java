package io.culvert.flowtable.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.PassingProvider;
import io.culvert.flowtable.fixture.ProbeProvider;
import io.culvert.flowtable.fixture.ToyProvider;
import io.culvert.spi.Carrier;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.LinkType.Layer;
import io.culvert.spi.Transit;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which packets a provider may let pass through: its own protocols' only, each once. */
class TransitAdmissionTest {
  private static final Transit TOYS =
      new Transit(IpFamily.V4, ToyProvider.TOY_PROTOCOL, 1, 0xff, 0x7e);

  private static LoadReport report(EncapProvider provider, Seq<Transit> transit) {
    return EncapRegistry.of(new PassingProvider(provider, transit)).report();
  }

  private static String rejection(EncapProvider provider, Transit... transit) {
    LoadReport report = report(provider, List.of(transit));
    assertThat(report.accepted()).isEmpty();
    assertThat(report.rejected().head().reason()).isInstanceOf(Rejection.BadAnswer.class);
    return report.rejected().head().reason().message();
  }

  @Test
  void shouldReportWhatPassesThrough() {
    assertThat(report(ToyProvider.toy(), List.of(TOYS)).accepted().head().transit())
        .containsExactly(TOYS);
    assertThat(report(ToyProvider.toy(), List.empty()).accepted().head().transit()).isEmpty();
    assertThat(EncapRegistry.of(ToyProvider.bare()).report().accepted().head().transit()).isEmpty();
  }

  @Test
  void shouldRejectPacketsOfAnotherProtocol() {
    for (Transit other :
        List.of(
            Transit.all(IpFamily.V4, ToyProvider.BARE_PROTOCOL),
            Transit.all(IpFamily.V6, ToyProvider.TOY_PROTOCOL))) {
      assertThat(rejection(ToyProvider.toy(), TOYS, other))
          .isEqualTo("transit: " + other + " is not a carrier of its samples");
    }
    ProbeProvider tag = new ProbeProvider(Carrier.etherType(253 + 0x600), Layer.L2, false);
    assertThat(rejection(tag, TOYS)).contains("is not a carrier of its samples");
  }

  @Test
  void shouldRejectTwoAnswersForOneProtocol() {
    assertThat(rejection(ToyProvider.toy(), TOYS, Transit.all(IpFamily.V4, 253)))
        .isEqualTo("transit: IPv4 protocol 253 is there twice");
  }

  /** Those have flows with ports, or are no transport at all. */
  @ParameterizedTest
  @CsvSource({"V4,6", "V6,6", "V4,17", "V6,17", "V6,0", "V6,43", "V6,44", "V6,51", "V6,60"})
  void shouldRejectProtocolsThatTheFrameworkReadsItself(IpFamily family, int protocol) {
    ProbeProvider probe = new ProbeProvider(Carrier.ipProtocol(family, protocol), Layer.L3, false);
    assertThat(rejection(probe, Transit.all(family, protocol)))
        .endsWith(" protocol " + protocol + " is the framework's own to read");
  }

  @Test
  void shouldTakeIpv4OptionsNumbersForProtocols() {
    ProbeProvider probe = new ProbeProvider(Carrier.ipProtocol(IpFamily.V4, 51), Layer.L3, false);
    assertThat(report(probe, List.of(Transit.all(IpFamily.V4, 51))).accepted()).hasSize(1);
  }

  @Test
  void shouldKeepThePacketsOfTheProviderThatCameFirst() {
    ProbeProvider second = new ProbeProvider(Carrier.ipProtocol(IpFamily.V4, 253), Layer.L3, false);
    EncapRegistry registry =
        EncapRegistry.of(
            new PassingProvider(ToyProvider.toy(), List.of(TOYS)),
            new PassingProvider(second, List.of(Transit.all(IpFamily.V4, 253))));
    assertThat(registry.report().accepted().flatMap(LoadReport.Accepted::transit))
        .containsExactly(TOYS);
    assertThat(registry.report().rejected().head().reason().message())
        .isEqualTo("IPv4 protocol 253 is taken by provider toy");
  }
}
