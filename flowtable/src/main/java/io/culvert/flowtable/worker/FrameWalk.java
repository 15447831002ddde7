package io.culvert.flowtable.worker;

import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.table.PacketState;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.wire.EtherType;
import io.culvert.wire.EthernetHeader;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpProtocol;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv4Header;
import io.culvert.wire.Ipv6Address;
import io.culvert.wire.Ipv6Header;
import io.culvert.wire.MacAddress;
import io.culvert.wire.TcpHeader;
import io.culvert.wire.UdpHeader;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ParseStage} does with one frame, told layer by layer: for people, so it is written
 * plainly and takes its time. It shares the rules for single headers with the packet path and none
 * of its walk; tests send every frame through both and compare.
 *
 * <p>Reads only; a provider that throws here loses nothing. For one thread and one frame.
 */
@SuppressWarnings("exports") // For FlowTable alone.
public final class FrameWalk {
  private static final int MAX_LAYERS = 8;

  /**
   * A header on the way.
   *
   * @param offset its first byte's, from the frame's
   * @param text what it says
   */
  public record Step(int offset, String text) {}

  private final PacketState state;
  private final LocalEnds ends;
  private final List<Encap> encaps;
  private final IntFunction<String> owner;
  private final MemorySegment frame;
  private final int port;
  private final List<Step> steps = new ArrayList<>();
  private final EncapKey key = new EncapKey();

  private long at;
  private long end;
  private int type; // namespace and number of what stands at `at`
  private int mark = Ecn.NONE; // ECN field of the IP header outside
  private int depth;
  private int slot; // of the tunnel whose shim stands at `at`
  private long outerIp = -1; // its IP header
  private int outerLength;
  private long station; // the Ethernet header around it
  private @Nullable FlowTuple tuple;

  /**
   * A walk over a frame.
   *
   * @param parts the table's memories
   * @param owner name of the provider of a slot
   * @param frame native memory that is the frame, no more
   * @param port the port that it comes in by
   */
  public FrameWalk(Worker.Parts parts, IntFunction<String> owner, MemorySegment frame, int port) {
    state = parts.state();
    ends = new LocalEnds(state);
    encaps = parts.encaps();
    this.owner = owner;
    this.frame = frame;
    this.port = port;
    end = frame.byteSize();
  }

  /** Walks down to the transport header: {@link Reason#NONE} if the flow can be looked up. */
  public Reason walk() {
    int refused = ethernet();
    while (refused == 0 && tuple == null) {
      refused = header();
    }
    if (key.size() == 1) {
      key.add(0); // as where stacks are interned
    }
    return Reason.of(refused);
  }

  /** The headers seen, outermost first. */
  public List<Step> steps() {
    return steps;
  }

  /** The identity words of the tunnel stack. */
  public EncapKey key() {
    return key;
  }

  /** The number of tunnels. */
  public int depth() {
    return depth;
  }

  /** The tuple that is looked up; null if the way ended before. */
  public @Nullable FlowTuple tuple() {
    return tuple;
  }

  /** Offset of the innermost IP header. */
  public int innerAt() {
    return (int) at;
  }

  /** Bytes of the innermost IP packet. */
  public int innerLength() {
    return (int) (end - at);
  }

  private int ethernet() {
    if (end < EthernetHeader.LENGTH || end > 0xffff) {
      return end > 0xffff ? Codes.SUPER_FRAME : Codes.TRUNCATED;
    }
    say(0, stationText(0));
    if (port < 0 || port > PacketState.MAX_PORT || state.portMac(port) == 0) {
      return Codes.PORT;
    }
    if (Wire.u48(frame, 0) != state.portMac(port)) {
      say(0, "the port has " + new MacAddress(state.portMac(port)));
      return Codes.NOT_FOR_US;
    }
    type = InnerType.ETHERTYPE << 16 | EthernetHeader.type(frame, 0);
    at = EthernetHeader.LENGTH;
    return 0;
  }

  /** One header, and the tunnel behind it if there is one. */
  private int header() {
    slot = 0;
    int refused =
        type == (InnerType.ETHERTYPE << 16 | EtherType.IPV4)
            ? ipv4()
            : type == (InnerType.ETHERTYPE << 16 | EtherType.IPV6) ? ipv6() : etherType();
    return refused != 0 || slot == 0 ? refused : tunnel();
  }

  private int etherType() {
    slot = type >>> 16 == InnerType.ETHERTYPE ? state.slotsByEtherType()[type & 0xffff] : 0;
    if (slot == 0) {
      return depth == 0 ? Codes.ETHERTYPE : Codes.ENCAP_UNSUPPORTED;
    }
    if (mark == Ecn.CE || mark == Ecn.ECT_1) {
      return Codes.ECN;
    }
    mark = Ecn.NONE;
    outerLength = 0;
    return 0;
  }

  private int ipv4() {
    if (end - at < Ipv4Header.LENGTH) {
      return Codes.TRUNCATED;
    }
    long first = Wire.u64(frame, at);
    int second = Wire.u32(frame, at + Ipv4Header.TTL_OFFSET);
    long addresses = Ipv4Header.addresses(frame, at);
    int protocol = second >>> 16 & 0xff;
    Ipv4Address source = new Ipv4Address((int) (addresses >>> 32));
    Ipv4Address destination = new Ipv4Address((int) addresses);
    say(at, ipText("IPv4", source, destination, protocol, second >>> 24, (int) (first >>> 32)));
    int refused = HeaderRules.ipv4(first, second, addresses, end - at);
    if (refused != 0) {
      return refused;
    }
    end = at + (first >>> 32 & 0xffff);
    long behind = at + Ipv4Header.LENGTH;
    int candidate = slotAt(state.slotsByProtocol4()[protocol], behind, false);
    return candidate == 0 || !ends.has4(candidate, (int) addresses)
        ? transport(source, destination, protocol, behind, second >>> 24, (int) (first >>> 48))
        : ours(candidate, protocol, behind, second >>> 24, (int) (first >>> 48));
  }

  private int ipv6() {
    if (end - at < Ipv6Header.LENGTH) {
      return Codes.TRUNCATED;
    }
    long first = Wire.u64(frame, at);
    int protocol = (int) first >>> 8 & 0xff;
    int hopLimit = (int) first & 0xff;
    Ipv6Address source = address6(at + Ipv6Header.SOURCE_OFFSET);
    Ipv6Address destination = address6(at + Ipv6Header.DESTINATION_OFFSET);
    say(at, ipText("IPv6", source, destination, protocol, hopLimit, (int) (first >>> 16)));
    int refused = HeaderRules.ipv6(first, end - at);
    if (refused != 0) {
      return refused;
    }
    long behind = at + Ipv6Header.LENGTH;
    end = behind + (first >>> 16 & 0xffff);
    int candidate = slotAt(state.slotsByProtocol6()[protocol], behind, true);
    return candidate == 0 || !ends.has6(candidate, destination.high(), destination.low())
        ? transport(source, destination, protocol, behind, hopLimit, (int) (first >>> 52))
        : ours(candidate, protocol, behind, hopLimit, (int) (first >>> 52));
  }

  private int slotAt(int candidate, long udp, boolean isV6) {
    if (candidate != PacketState.BY_PORT) {
      return candidate;
    }
    return end - udp < UdpHeader.LENGTH
        ? 0
        : ends.slotOfPort(isV6, UdpHeader.ports(frame, udp) & 0xffff);
  }

  /** The packet of a tunnel that ends here. */
  private int ours(int candidate, int protocol, long behind, int ttl, int tos) {
    boolean isUdp = protocol == IpProtocol.UDP;
    if (isUdp) {
      say(behind, udpText(behind));
      if (UdpHeader.length(frame, behind) != end - behind) {
        return Codes.BAD_TOTAL_LENGTH;
      }
    }
    int popped = Ecn.pop(mark, tos);
    if (popped < 0 || ttl == 0) {
      return popped < 0 ? Codes.ECN : Codes.TTL;
    }
    slot = candidate;
    mark = popped;
    outerIp = at;
    outerLength = (int) (behind - at);
    at = isUdp ? behind + UdpHeader.LENGTH : behind;
    return 0;
  }

  /** The shim at {@code at}, and an Ethernet header in it. */
  private int tunnel() {
    if (depth == MAX_LAYERS) {
      return Codes.NESTING;
    }
    depth++;
    int before = key.size();
    long match;
    try {
      match = encaps.get(slot - 1).match(frame, at, end, key);
    } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError thrown) {
      say(at, "provider " + owner.apply(slot) + " threw " + thrown);
      return Codes.PROVIDER_FAULT;
    }
    say(at, shimText(match, before));
    if (match < 0) {
      return Codes.refusal(match);
    }
    at += Match.shimLength(match);
    end -= Match.trailerLength(match);
    if (at > end) {
      return Codes.PROVIDER_FAULT;
    }
    closeLayer(before);
    type = (int) (match >>> 16) & 0xff_ffff;
    return type == (InnerType.LINK << 16 | 1) ? ethernetInside() : 0;
  }

  private void closeLayer(int before) {
    if (state.slotsByPeer()[slot]) {
      key.add(Wire.u48(frame, station + EthernetHeader.SOURCE_OFFSET));
    }
    if (outerLength == Ipv4Header.LENGTH) {
      key.add(Ipv4Header.addresses(frame, outerIp));
    } else if (outerLength == Ipv6Header.LENGTH) {
      for (int word = 0; word < 4; word++) {
        key.add(Wire.u64(frame, outerIp + Ipv6Header.SOURCE_OFFSET + 8L * word));
      }
    }
    key.add(PacketState.layerWord(slot, key.size() - before));
  }

  private int ethernetInside() {
    if (end - at < EthernetHeader.LENGTH) {
      return Codes.TRUNCATED;
    }
    say(at, stationText(at));
    long destination = Wire.u48(frame, at);
    long source = Wire.u48(frame, at + EthernetHeader.SOURCE_OFFSET);
    if (source == destination || (source >>> 40 & 1) != 0) {
      return Codes.NOT_FOR_US;
    }
    key.add(PacketState.ETHERNET_WORD | destination);
    station = at;
    type = InnerType.ETHERTYPE << 16 | EthernetHeader.type(frame, at);
    at += EthernetHeader.LENGTH;
    return 0;
  }

  /** The innermost packet: its key is formed here. */
  private int transport(
      IpAddress source, IpAddress destination, int protocol, long l4, int ttl, int tos) {
    if (ttl <= 1) {
      return Codes.TTL;
    }
    boolean isV6 = source instanceof Ipv6Address;
    int refused = HeaderRules.transport(protocol, end - l4);
    boolean hasPorts = refused != Codes.PROTOCOL;
    if (!hasPorts) {
      refused = passing(isV6 ? state.transit6() : state.transit4(), protocol, l4);
    }
    if (refused != 0) {
      return refused == Codes.PROTOCOL && isV6 ? HeaderRules.extension(protocol) : refused;
    }
    int ports = hasPorts ? Wire.u32(frame, l4) : 0;
    if (!hasPorts) {
      say(l4, "protocol " + protocol + ", which passes through without ports");
    } else if (protocol == IpProtocol.TCP) {
      int flags = TcpHeader.flags(frame, l4);
      say(l4, "TCP " + (ports >>> 16) + " > " + (ports & 0xffff) + ", flags " + flags);
      if (HeaderRules.tcpFlags(flags) != 0) {
        return Codes.TCP_STATE;
      }
    } else {
      say(l4, udpText(l4));
    }
    if (Ecn.pop(mark, tos) < 0) {
      return Codes.ECN;
    }
    tuple = new FlowTuple(source, destination, protocol, ports >>> 16, ports & 0xffff);
    return 0;
  }

  /** A packet without ports: the bytes behind the IP header that its protocol wants. */
  private int passing(long[] table, int protocol, long from) {
    int length = (int) table[3 * protocol] - 1;
    if (length < 0 || end - from < length) {
      return length < 0 ? Codes.PROTOCOL : Codes.TRUNCATED;
    }
    long number = 0;
    for (int i = 0; i < length; i++) {
      number = number << Byte.SIZE | Wire.u8(frame, from + i);
    }
    return (number & table[3 * protocol + 1]) == table[3 * protocol + 2] ? 0 : Codes.PROTOCOL;
  }

  private Ipv6Address address6(long from) {
    return new Ipv6Address(Wire.u64(frame, from), Wire.u64(frame, from + 8));
  }

  private void say(long offset, String text) {
    steps.add(new Step((int) offset, text));
  }

  private String stationText(long header) {
    return "Ethernet "
        + new MacAddress(Wire.u48(frame, header + EthernetHeader.SOURCE_OFFSET))
        + " > "
        + new MacAddress(Wire.u48(frame, header))
        + ", type 0x%04x".formatted(EthernetHeader.type(frame, header));
  }

  private static String ipText(
      String version, IpAddress source, IpAddress destination, int protocol, int ttl, int length) {
    return "%s %s > %s, protocol %d, ttl %d, %s %d"
        .formatted(
            version,
            source,
            destination,
            protocol,
            ttl,
            source instanceof Ipv4Address ? "length" : "payload",
            length & 0xffff);
  }

  private String udpText(long udp) {
    int ports = UdpHeader.ports(frame, udp);
    return "UDP "
        + (ports >>> 16)
        + " > "
        + (ports & 0xffff)
        + ", length "
        + UdpHeader.length(frame, udp);
  }

  private String shimText(long match, int before) {
    StringBuilder text = new StringBuilder(owner.apply(slot));
    if (match == Match.TRUNCATED) {
      return text.append(": cut short").toString();
    }
    if (match < 0) {
      return text.append(match == Match.MALFORMED ? ": malformed" : ": left to the slow path")
          .toString();
    }
    text.append(", ").append(Match.shimLength(match)).append(" bytes");
    for (int word = before; word < Math.min(key.size(), EncapKey.CAPACITY); word++) {
      text.append(word == before ? ", words " : " ").append(Long.toHexString(key.word(word)));
    }
    return text.toString();
  }
}
