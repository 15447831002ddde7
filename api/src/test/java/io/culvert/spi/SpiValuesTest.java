package io.culvert.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.wire.IpFamily;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.vavr.collection.List;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;

class SpiValuesTest {
  private static final Carrier ETHERTYPE = Carrier.etherType(0x88b5);
  private static final Carrier PROTOCOL = Carrier.ipProtocol(IpFamily.V4, 253);
  private static final Addresses ENDS = new Addresses(new Ipv4Address(1), new Ipv4Address(2));

  @Test
  void shouldTakeCarrierNumbersOfTheirRangeOnly() {
    assertThat(Carrier.etherType(0x0600).toString()).isEqualTo("EtherType 0x0600");
    assertThat(Carrier.etherType(0xffff).toString()).isEqualTo("EtherType 0xffff");
    assertThat(Carrier.ipProtocol(IpFamily.V4, 0).toString()).isEqualTo("IPv4 protocol 0");
    assertThat(Carrier.ipProtocol(IpFamily.V6, 255).toString()).isEqualTo("IPv6 protocol 255");
    assertThat(Carrier.udpPort(IpFamily.V4, 1).toString()).isEqualTo("IPv4 UDP port 1");
    assertThat(Carrier.udpPort(IpFamily.V6, 65535).toString()).isEqualTo("IPv6 UDP port 65535");
    assertThatThrownBy(() -> Carrier.etherType(0x05ff)).hasMessage("EtherType: number=1535");
    assertThatThrownBy(() -> Carrier.etherType(0x10000)).hasMessageContaining("number=65536");
    assertThatThrownBy(() -> Carrier.ipProtocol(IpFamily.V4, -1)).hasMessageContaining("=-1");
    assertThatThrownBy(() -> Carrier.ipProtocol(IpFamily.V4, 256)).hasMessageContaining("=256");
    assertThatThrownBy(() -> Carrier.udpPort(IpFamily.V4, 0)).hasMessageContaining("number=0");
    assertThatThrownBy(() -> Carrier.udpPort(IpFamily.V4, 65536)).hasMessageContaining("=65536");
  }

  @Test
  void shouldTakeInnerTypesOfTheirRangeOnly() {
    assertThat(InnerType.of(IpFamily.V4)).isEqualTo(InnerType.IPV4);
    assertThat(InnerType.of(IpFamily.V6)).isEqualTo(InnerType.IPV6);
    assertThat(new InnerType(255, 0xffff).toString()).isEqualTo("namespace 255 number 65535");
    assertThat(new InnerType(InnerType.LINK, 7).toString()).isEqualTo("link type 7");
    assertThatThrownBy(() -> new InnerType(0, 1)).hasMessageContaining("namespace=0");
    assertThatThrownBy(() -> new InnerType(256, 1)).hasMessageContaining("namespace=256");
    assertThatThrownBy(() -> new InnerType(1, -1)).hasMessageContaining("number=-1");
    assertThatThrownBy(() -> new InnerType(1, 0x10000)).hasMessageContaining("number=65536");
  }

  @Test
  void shouldAskForAddressesExactlyIfTheCarrierHasThem() {
    assertThat(tuple(PROTOCOL, Option.some(ENDS)).addresses()).contains(ENDS);
    assertThat(tuple(ETHERTYPE, Option.none()).addresses()).isEmpty();
    assertThatThrownBy(() -> tuple(PROTOCOL, Option.none())).hasMessageContaining("tuple of toy");
    assertThatThrownBy(() -> tuple(ETHERTYPE, Option.some(ENDS)))
        .hasMessageContaining("EtherType 0x88b5");
  }

  /** An IPv4 carrier between IPv6 addresses once ended in a ClassCastException out of an offer. */
  @Test
  void regression_shouldAskForAddressesOfTheCarriersFamily() {
    Addresses six = new Addresses(new Ipv6Address(0, 1), new Ipv6Address(0, 2));
    assertThatThrownBy(() -> tuple(PROTOCOL, Option.some(six)))
        .hasMessageContaining("carrier=IPv4 protocol 253");
    Carrier protocol6 = Carrier.ipProtocol(IpFamily.V6, 253);
    assertThat(tuple(protocol6, Option.some(six)).addresses()).contains(six);
    assertThatThrownBy(() -> tuple(protocol6, Option.some(ENDS)))
        .hasMessageContaining("carrier=IPv6 protocol 253");
    assertThatThrownBy(() -> tuple(Carrier.udpPort(IpFamily.V6, 1), Option.some(ENDS)))
        .hasMessageContaining("carrier=IPv6 UDP port 1");
  }

  @Test
  void shouldRefuseOuterAddressesOfTwoFamilies() {
    assertThatThrownBy(() -> new Addresses(new Ipv4Address(1), new Ipv6Address(0, 1)))
        .hasMessageContaining("source=0.0.0.1 destination=::1");
    assertThat(ENDS.reversed().reversed()).isEqualTo(ENDS);
    assertThat(ENDS.reversed().source()).isEqualTo(ENDS.destination());
  }

  private static EncapTuple tuple(Carrier carrier, Option<Addresses> addresses) {
    return new EncapTuple(
        "toy", carrier, addresses, List.empty(), OuterPolicy.DEFAULT, Option.none(), List.empty());
  }

  @Test
  void shouldKeepAShimsBytesToItself() {
    byte[] bytes = {1, 2, 3};
    Shim shim = new Shim(bytes, List.of(new Patch.Length(0, 0)), List.of(new RxCheck.Checksum(0)));
    bytes[0] = 9;
    shim.bytes()[1] = 9;
    assertThat(shim.bytes()).containsExactly(1, 2, 3);
    assertThat(shim.length()).isEqualTo(3);
    Shim equal = new Shim(new byte[] {1, 2, 3}, shim.patches(), shim.checks());
    assertThat(shim).isEqualTo(equal).hasSameHashCodeAs(equal);
    assertThat(shim).isNotEqualTo(new Shim(new byte[] {1, 2, 4}, shim.patches(), shim.checks()));
    assertThat(shim).isNotEqualTo(new Shim(shim.bytes(), List.empty(), shim.checks()));
    assertThat(shim).isNotEqualTo(new Shim(shim.bytes(), shim.patches(), List.empty()));
  }

  @Test
  void shouldRefuseAValueOfBitsThatDoNotCount() {
    assertThat(new RxCheck.Bits(0, 0xf0L << 56, 0x10L << 56).toString())
        .isEqualTo("Bits[at=0, mask=0xf000000000000000, value=0x1000000000000000]");
    assertThatThrownBy(() -> new RxCheck.Bits(0, 0xf0, 0x08)).hasMessage("bits: mask=f0 value=8");
  }

  @Test
  void shouldRefuseAShimThatIsTooLong() {
    assertThat(new Shim(new byte[Shim.MAX_LENGTH], List.empty(), List.empty()).length())
        .isEqualTo(64);
    assertThatThrownBy(() -> new Shim(new byte[65], List.empty(), List.empty()))
        .hasMessageContaining("length=65");
  }

  @Test
  void shouldTurnDirectionsRoundAndPrintWhatIsInherited() {
    assertThat(Direction.RECEIVE.opposite()).isEqualTo(Direction.TRANSMIT);
    assertThat(Direction.TRANSMIT.opposite()).isEqualTo(Direction.RECEIVE);
    assertThat(Inheritable.INHERIT.toString()).isEqualTo("inherit");
    assertThat(Inheritable.fixed(64).toString()).isEqualTo("64");
  }

  @Test
  void shouldSayInOneSentenceWhatIsWrong() {
    assertThat(new EncapError.Missing("remote", "an address").message())
        .isEqualTo("remote is missing; expected an address");
    assertThat(new EncapError.Invalid("remote", "x", "an address").message())
        .isEqualTo("remote is 'x'; expected an address");
    assertThat(new EncapError.ProviderFailed("toy", "shim", "boom").message())
        .isEqualTo("provider toy failed in shim: boom");
    EncapError unsupported = new EncapError.Unsupported("external", "no ends");
    assertThat(unsupported.message()).isEqualTo("external is not offloadable: no ends");
    assertThat(unsupported.isOutOfScope()).isTrue();
    assertThat(new EncapError.Missing("remote", "an address").isOutOfScope()).isFalse();
  }
}
