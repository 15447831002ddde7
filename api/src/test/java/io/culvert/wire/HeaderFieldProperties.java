package io.culvert.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Every accessor against the bit positions of the RFC's picture, over random bytes. */
class HeaderFieldProperties {

  @Property
  void shouldReadEthernetFieldsWhereTheStandardHasThem(@ForAll @Size(14) byte[] bytes) {
    MemorySegment frame = Octets.of(bytes);
    assertThat(EthernetHeader.destination(frame, 0)).isEqualTo(Octets.bits(bytes, 0, 48));
    assertThat(EthernetHeader.source(frame, 0)).isEqualTo(Octets.bits(bytes, 48, 48));
    assertThat(EthernetHeader.type(frame, 0)).isEqualTo((int) Octets.bits(bytes, 96, 16));
  }

  @Property
  void shouldWriteAWholeEthernetHeaderAndNothingElse(
      @ForAll long destination, @ForAll long source, @ForAll @IntRange(max = 0xffff) int type) {
    MemorySegment frame = Octets.filled(20);
    EthernetHeader.write(frame, 3, destination, source, type);
    assertThat(EthernetHeader.destination(frame, 3)).isEqualTo(destination & 0xffff_ffff_ffffL);
    assertThat(EthernetHeader.source(frame, 3)).isEqualTo(source & 0xffff_ffff_ffffL);
    assertThat(EthernetHeader.type(frame, 3)).isEqualTo(type);
    assertThat(Octets.untouchedOutside(frame, 3, 17)).isTrue();
  }

  @Property
  void shouldReadIpv4FieldsWhereRfc791HasThem(@ForAll @Size(20) byte[] bytes) {
    MemorySegment frame = Octets.of(bytes);
    assertThat(Ipv4Header.versionIhl(frame, 0)).isEqualTo((int) Octets.bits(bytes, 0, 8));
    assertThat(Ipv4Header.tos(frame, 0)).isEqualTo((int) Octets.bits(bytes, 8, 8));
    assertThat(Ipv4Header.totalLength(frame, 0)).isEqualTo((int) Octets.bits(bytes, 16, 16));
    assertThat(Ipv4Header.id(frame, 0)).isEqualTo((int) Octets.bits(bytes, 32, 16));
    assertThat(Ipv4Header.fragment(frame, 0)).isEqualTo((int) Octets.bits(bytes, 48, 16));
    assertThat(Ipv4Header.ttl(frame, 0)).isEqualTo((int) Octets.bits(bytes, 64, 8));
    assertThat(Ipv4Header.protocol(frame, 0)).isEqualTo((int) Octets.bits(bytes, 72, 8));
    assertThat(Ipv4Header.checksum(frame, 0)).isEqualTo((int) Octets.bits(bytes, 80, 16));
    assertThat(Ipv4Header.source(frame, 0)).isEqualTo((int) Octets.bits(bytes, 96, 32));
    assertThat(Ipv4Header.destination(frame, 0)).isEqualTo((int) Octets.bits(bytes, 128, 32));
    assertThat(Ipv4Header.addresses(frame, 0)).isEqualTo(Octets.bits(bytes, 96, 64));
  }

  @Property
  void shouldReadIpv6FieldsWhereRfc8200HasThem(@ForAll @Size(40) byte[] bytes) {
    MemorySegment frame = Octets.of(bytes);
    assertThat(Ipv6Header.version(frame, 0)).isEqualTo((int) Octets.bits(bytes, 0, 4));
    assertThat(Ipv6Header.trafficClass(frame, 0)).isEqualTo((int) Octets.bits(bytes, 4, 8));
    assertThat(Ipv6Header.flowLabel(frame, 0)).isEqualTo((int) Octets.bits(bytes, 12, 20));
    assertThat(Ipv6Header.payloadLength(frame, 0)).isEqualTo((int) Octets.bits(bytes, 32, 16));
    assertThat(Ipv6Header.nextHeader(frame, 0)).isEqualTo((int) Octets.bits(bytes, 48, 8));
    assertThat(Ipv6Header.hopLimit(frame, 0)).isEqualTo((int) Octets.bits(bytes, 56, 8));
  }

  @Property
  void shouldReadTransportFieldsWhereTheRfcsHaveThem(@ForAll @Size(20) byte[] bytes) {
    MemorySegment frame = Octets.of(bytes);
    assertThat(UdpHeader.ports(frame, 0)).isEqualTo((int) Octets.bits(bytes, 0, 32));
    assertThat(UdpHeader.length(frame, 0)).isEqualTo((int) Octets.bits(bytes, 32, 16));
    assertThat(UdpHeader.checksum(frame, 0)).isEqualTo((int) Octets.bits(bytes, 48, 16));
    assertThat(TcpHeader.ports(frame, 0)).isEqualTo((int) Octets.bits(bytes, 0, 32));
    assertThat(TcpHeader.headerLength(frame, 0)).isEqualTo(4 * (int) Octets.bits(bytes, 96, 4));
    assertThat(TcpHeader.flags(frame, 0)).isEqualTo((int) Octets.bits(bytes, 104, 8));
  }

  @Property
  void shouldSetOnlyTheTrafficClass(
      @ForAll @Size(40) byte[] bytes, @ForAll @IntRange(max = 0xff) int trafficClass) {
    MemorySegment frame = Octets.of(bytes);
    Ipv6Header.setTrafficClass(frame, 0, trafficClass);
    byte[] after = Octets.bytes(frame);
    assertThat(Octets.bits(after, 4, 8)).isEqualTo(trafficClass);
    assertThat(Octets.bits(after, 0, 4)).isEqualTo(Octets.bits(bytes, 0, 4));
    assertThat(Octets.bits(after, 12, 20)).isEqualTo(Octets.bits(bytes, 12, 20));
    assertThat(Arrays.copyOfRange(after, 4, 40)).isEqualTo(Arrays.copyOfRange(bytes, 4, 40));
  }

  @Property
  void shouldLowerOnlyTheHopLimit(
      @ForAll @Size(40) byte[] bytes, @ForAll @IntRange(min = 1, max = 255) int hopLimit) {
    bytes[7] = (byte) hopLimit;
    MemorySegment frame = Octets.of(bytes);
    Ipv6Header.decrementHopLimit(frame, 0);
    byte[] expected = bytes.clone();
    expected[7] = (byte) (hopLimit - 1);
    assertThat(Octets.bytes(frame)).isEqualTo(expected);
  }
}
