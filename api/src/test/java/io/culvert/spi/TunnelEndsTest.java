package io.culvert.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.EncapError.Conflict;
import io.culvert.spi.EncapError.Invalid;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules for the ends of a tunnel over IP, which every provider shares. */
class TunnelEndsTest {
  private static final Settings V4 = settings("192.0.2.1", "198.51.100.1");
  private static final Settings V6 = settings("2001:db8::1", "2001:db8:1::1");

  private static Settings settings(String local, String remote) {
    return Settings.of("tun").with("local", address(local)).with("remote", address(remote));
  }

  private static IpAddress address(String text) {
    return IpAddress.parse(text).get();
  }

  private static Seq<EncapError> errors(Settings settings, Option<IpFamily> family) {
    var ends = TunnelEnds.of(settings, family);
    return ends.isValid() ? List.empty() : ends.getError();
  }

  @Test
  void shouldSendFromLocalToRemote() {
    Addresses four = new Addresses(address("192.0.2.1"), address("198.51.100.1"));
    Addresses six = new Addresses(address("2001:db8::1"), address("2001:db8:1::1"));
    assertThat(TunnelEnds.of(V4, Option.some(IpFamily.V4)).get()).isEqualTo(four);
    assertThat(TunnelEnds.of(V4, Option.none()).get()).isEqualTo(four);
    assertThat(TunnelEnds.of(V6, Option.none()).get()).isEqualTo(six);
    assertThat(four.isOpen()).isFalse();
    assertThat(four.closed(address("203.0.113.1"))).isEqualTo(four);
    assertThat(TunnelEnds.family(V4)).contains(IpFamily.V4);
    assertThat(TunnelEnds.family(V6.without("remote"))).contains(IpFamily.V6);
    assertThat(TunnelEnds.family(Settings.of("tun"))).isEmpty();
  }

  @Test
  void shouldLeaveTheOwnEndOpenIfItIsNotTold() {
    for (Settings base : List.of(V4, V6)) {
      Addresses both = TunnelEnds.of(base, Option.none()).get();
      IpAddress unspecified = address(base.equals(V4) ? "0.0.0.0" : "::");
      for (Settings open : List.of(base.without("local"), base.with("local", unspecified))) {
        Addresses ends = TunnelEnds.of(open, Option.none()).get();
        assertThat(ends.isOpen()).isTrue();
        assertThat(ends.reversed().isOpen()).isTrue();
        assertThat(ends.destination()).isEqualTo(both.destination());
        assertThat(ends.closed(both.source())).isEqualTo(both);
        assertThat(ends.reversed().closed(both.source())).isEqualTo(both.reversed());
      }
    }
  }

  /** {@code local any} of a device that may have either family. */
  @Test
  void shouldTakeAnyForTheUnspecifiedAddressOfTheOtherEndsFamily() {
    Addresses ends = TunnelEnds.of(V6.with("local", address("0.0.0.0")), Option.none()).get();
    assertThat(ends).isEqualTo(new Addresses(address("::"), address("2001:db8:1::1")));
  }

  @Test
  void shouldNeedTheOtherEnd() {
    for (Settings open :
        List.of(
            V4.without("remote"),
            V4.with("remote", address("0.0.0.0")),
            V6.with("remote", address("::")))) {
      assertThat(errors(open, Option.none()))
          .containsExactly(
              new Unsupported(
                  "tun without remote", "a packet could go to anyone, and come from anyone"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "V4, 255.255.255.255, a unicast IPv4 address",
    "V4, 127.0.0.1, a unicast IPv4 address",
    "V4, 2001:db8::5, a unicast IPv4 address",
    "V4, fe80::5, a unicast IPv4 address",
    "V4, ::, a unicast IPv4 address",
    "V6, ::1, a unicast IPv6 address",
    "V6, 192.0.2.5, a unicast IPv6 address",
    "V6, 0.0.0.0, a unicast IPv6 address",
    ", 127.0.0.1, a unicast address",
    ", ::1, a unicast address"
  })
  void shouldRefuseWhatIsNoStationsAddress(
      @Nullable IpFamily family, String text, String expected) {
    boolean isV4 = family == null ? !text.contains(":") : family == IpFamily.V4;
    Settings good = isV4 ? V4 : V6;
    for (String field : List.of("local", "remote")) {
      assertThat(errors(good.with(field, address(text)), Option.of(family)))
          .contains(new Invalid(field, text, expected))
          .hasSize(1);
    }
  }

  @Test
  void shouldRefuseAValueThatIsNoAddress() {
    assertThat(errors(V4.with("local", "here").with("remote", 5), Option.some(IpFamily.V4)))
        .containsExactly(
            new Invalid("local", "here", "a unicast IPv4 address"),
            new Invalid("remote", "5", "a unicast IPv4 address"));
  }

  /** A group as the peer is a tunnel that a kernel makes; as the own address it is a mistake. */
  @ParameterizedTest
  @CsvSource({"224.0.0.1", "239.1.1.1", "ff05::1"})
  void shouldRefuseAGroup(String text) {
    Settings base = text.contains(":") ? V6 : V4;
    assertThat(errors(base.with("remote", address(text)), Option.none()))
        .containsExactly(
            new Unsupported("remote " + text, "packets would go to many, and come from anyone"));
    assertThat(errors(base.with("local", address(text)), Option.none()))
        .containsExactly(new Invalid("local", text, "a unicast address"));
  }

  @ParameterizedTest
  @CsvSource({"local", "remote"})
  void shouldRefuseALinkLocalAddressAsOutOfScope(String field) {
    assertThat(errors(V6.with(field, address("fe80::1")), Option.some(IpFamily.V6)))
        .containsExactly(
            new Unsupported(
                field + " fe80::1", "a link-local address is another station on each link"));
  }

  @Test
  void shouldRefuseEndsOfTwoFamilies() {
    assertThat(errors(V4.with("remote", address("2001:db8::1")), Option.none()))
        .containsExactly(
            new Conflict("local 192.0.2.1", "remote 2001:db8::1", "one IP version for both"));
  }
}
