package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.Hashing;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.StackTable;
import io.culvert.spi.EncapKey;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.wire.EtherType;
import io.culvert.wire.EthernetHeader;
import io.culvert.wire.IpProtocol;
import io.culvert.wire.Ipv4Header;
import io.culvert.wire.Ipv6Header;
import io.culvert.wire.TcpHeader;
import io.culvert.wire.UdpHeader;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Objects;

/**
 * First stage: from the Ethernet header through all tunnels down to the transport header, and the
 * flow key's hash. Reads only; one condition a line, one reason each.
 *
 * <p>Compiled once more for each worker, see {@link PipelineCompiler}: its {@code static final}
 * fields are constants there.
 */
final class ParseStage extends Stage {
  private static final HotConstants C = constants();
  private static final MemorySegment FRAMES = C.frames();
  private static final MemorySegment INDEX = C.flows4().index();
  private static final int MASK_4 = C.flows4().mask();
  private static final long INDEX_6 = C.flows6().indexBase();
  private static final int MASK_6 = C.flows6().mask();
  private static final Hashing HASHING = C.hashing();
  private static final long S0 = HASHING.s0();
  private static final long S1 = HASHING.s1();
  private static final long S2 = HASHING.s2();
  private static final long S3 = HASHING.s3();
  private static final PacketState STATE = C.state();
  private static final long[] PORT_MACS = STATE.portMacs();
  private static final byte[] SLOTS_4 = STATE.slotsByProtocol4();
  private static final byte[] SLOTS_6 = STATE.slotsByProtocol6();
  private static final byte[] SLOTS_BY_TYPE = STATE.slotsByEtherType();
  private static final boolean[] BY_PEER = STATE.slotsByPeer();
  private static final MethodHandle MATCH = C.match();

  private static final int[] RESULT = C.scratch().result;
  private static final long[] ADDRESSES = C.scratch().addresses;
  private static final long[] PORTS = C.scratch().ports;
  private static final long[] ENCAP = C.scratch().encap;
  private static final long[] HASH = C.scratch().hash;
  private static final long[] CANDIDATE = C.scratch().candidate;
  private static final long[] INNER_AT = C.scratch().innerAt;
  private static final int[] INNER = C.scratch().inner;
  private static final EncapKey KEY = new EncapKey();
  private static final StackIdentity STACKS = new StackIdentity(C);

  private static final int IPV4_INSIDE = InnerType.ETHERTYPE << 16 | EtherType.IPV4;
  private static final int IPV6_INSIDE = InnerType.ETHERTYPE << 16 | EtherType.IPV6;
  private static final int ETHERNET_INSIDE = InnerType.LINK << 16 | 1;

  /** Most tunnel layers. */
  private static final int MAX_LAYERS = 8;

  // Exclusive limits of where a header of 20 or 14 bytes may begin.
  private static final long LAST_HEADER = Math.max(0, FRAMES.byteSize() - Ipv4Header.LENGTH + 1);
  private static final long LAST_ETHERNET =
      Math.max(0, FRAMES.byteSize() - EthernetHeader.LENGTH + 1);
  private static final long LAST_HEADER_6 = Math.max(0, FRAMES.byteSize() - Ipv6Header.LENGTH + 1);

  // Where the walk through a frame is: fields, since several methods move it on.
  private long at;
  private long end;
  private int ecn;
  private long station;
  private long outerAt;
  private int outerLength;
  private long shimAt;

  private long[] endpoints4 = STATE.endpoints4();
  private long[] endpoints6 = STATE.endpoints6();
  private int[] udpPorts = STATE.slotsByUdpPort();
  private long lastEndpoint4;
  private int version;
  private StackTable.View stacks = STATE.stacks();
  private int slotInUse;

  ParseStage() {}

  private static HotConstants constants() {
    return HotConstants.ofCallerClass(MethodHandles.lookup());
  }

  @Override
  void run(FrameBurst burst, int from, int to) {
    pickUpState();
    int i = from;
    while (i < to) {
      try {
        for (; i < to; i++) {
          RESULT[i] = parse(burst.rows, i);
        }
      } catch (Throwable thrown) {
        // Only a provider's match can throw here. It loses its slot; the burst goes on.
        STATE.blowFuse(slotInUse, thrown);
        RESULT[i++] = Codes.PROVIDER_FAULT;
      }
    }
  }

  /** From the Ethernet header down to the innermost IP packet; 0 or a reason. */
  private int parse(long[] rows, int i) throws Throwable {
    int row = i * FrameBurst.ROW;
    long offset = rows[row + FrameBurst.OFFSET];
    long span = rows[row + FrameBurst.SPAN];
    int port = (int) (span >>> 32);
    int type = ethernet(offset, (int) span, port);
    if (type < 0) {
      return -type;
    }
    station = offset;
    at = offset + EthernetHeader.LENGTH;
    end = offset + (int) span;
    ecn = Ecn.NONE;
    int next = header(i, InnerType.ETHERTYPE << 16 | type, 0, port);
    return next >= 0 ? next : tunnels(i, -next, port);
  }

  /**
   * What stands at {@code at}: 0 or a reason if the walk ends here, else the negated slot of a
   * tunnel that does.
   */
  private int header(int i, int type, int depth, int port) {
    if (type == IPV4_INSIDE) {
      return header4(i, depth, port);
    }
    return type == IPV6_INSIDE ? header6(i, depth, port) : shimByType(type, depth);
  }

  /** Tunnels, one behind the other, down to the innermost packet; 0 or a reason. */
  private int tunnels(int i, int slot, int port) throws Throwable {
    KEY.truncate(0);
    for (int depth = 1; ; depth++) {
      if (depth > MAX_LAYERS) {
        return Codes.NESTING;
      }
      slotInUse = slot;
      int before = KEY.size();
      long match = (long) MATCH.invokeExact(slot, FRAMES, shimAt, end, KEY);
      if (match < 0) {
        return Codes.refusal(match);
      }
      at = shimAt + Match.shimLength(match);
      end -= Match.trailerLength(match);
      if (at > end) {
        return Codes.PROVIDER_FAULT;
      }
      closeLayer(slot, before);
      int type = (int) (match >>> 16) & 0xff_ffff; // namespace and number at once
      if (type == ETHERNET_INSIDE) {
        type = ethernetInside();
      }
      int next = header(i, type, depth, port);
      if (next >= 0) {
        return next;
      }
      slot = -next;
    }
  }

  /** Ends a layer's words: peer, outer addresses, then the slot and their number. */
  private void closeLayer(int slot, int before) {
    if (BY_PEER[slot]) {
      KEY.add(Wire.u48(FRAMES, station + EthernetHeader.SOURCE_OFFSET));
    }
    if (outerLength == Ipv4Header.LENGTH) {
      KEY.add(Ipv4Header.addresses(FRAMES, outerAt));
    } else if (outerLength != 0) {
      addresses6(Objects.checkIndex(outerAt, LAST_HEADER_6));
    }
    KEY.add(PacketState.layerWord(slot, KEY.size() - before));
  }

  private static void addresses6(long ip) {
    KEY.add(Wire.u64(FRAMES, ip + Ipv6Header.SOURCE_OFFSET));
    KEY.add(Wire.u64(FRAMES, ip + Ipv6Header.SOURCE_OFFSET + 8));
    KEY.add(Wire.u64(FRAMES, ip + Ipv6Header.DESTINATION_OFFSET));
    KEY.add(Wire.u64(FRAMES, ip + Ipv6Header.DESTINATION_OFFSET + 8));
  }

  /** An Ethernet header in a tunnel: its destination is part of the key. The type behind it. */
  private int ethernetInside() {
    if (end - at < EthernetHeader.LENGTH) {
      return 0;
    }
    long header = Objects.checkIndex(at, LAST_ETHERNET);
    KEY.add(PacketState.ETHERNET_WORD | Wire.u64(FRAMES, header) >>> 16);
    station = header;
    at = header + EthernetHeader.LENGTH;
    return InnerType.ETHERTYPE << 16 | EthernetHeader.type(FRAMES, header);
  }

  /** The identity of the stack so far. */
  private static long identity(int depth) {
    if (depth == 0) {
      return 0;
    }
    int size = KEY.size();
    // One layer of one word: the common case.
    if (size == 2 && KEY.word(1) >>> 32 == 1) {
      return STACKS.ofOneLayer(KEY.word(0), (int) KEY.word(1));
    }
    if (size == 1) {
      KEY.add(0); // as where stacks are interned
    }
    return STACKS.of(KEY);
  }

  /** A shim behind an EtherType. */
  private int shimByType(int type, int depth) {
    int slot = type >>> 16 == InnerType.ETHERTYPE ? SLOTS_BY_TYPE[type & 0xffff] : 0;
    if (slot == 0) {
      return type == 0 ? Codes.TRUNCATED : depth == 0 ? Codes.ETHERTYPE : Codes.ENCAP_UNSUPPORTED;
    }
    // A mark of an IP header outside is not told past a tag (Linux loses it, RFC 6040 would not):
    // where it would change the inner one, the slow path decides.
    if (ecn == Ecn.CE || ecn == Ecn.ECT_1) {
      return Codes.ECN;
    }
    ecn = Ecn.NONE;
    outerLength = 0;
    shimAt = at;
    return -slot;
  }

  private int header4(int i, int depth, int port) {
    if (end - at < Ipv4Header.LENGTH) {
      return Codes.TRUNCATED;
    }
    // One check for the whole header: the JIT drops those of the accesses in it.
    long ip = Objects.checkIndex(at, LAST_HEADER);
    // Version to fragment offset, TTL to checksum, both addresses.
    long first = Wire.u64(FRAMES, ip);
    int second = Wire.u32(FRAMES, ip + Ipv4Header.TTL_OFFSET);
    long addresses = Ipv4Header.addresses(FRAMES, ip);
    int refused = HeaderRules.ipv4(first, second, addresses, end - ip);
    if (refused != 0) {
      return refused;
    }
    end = ip + (first >>> 32 & 0xffff);
    int slot = SLOTS_4[second >>> 16 & 0xff];
    if (slot == PacketState.BY_PORT) {
      slot = slotByPort(ip + Ipv4Header.LENGTH, false);
    } else {
      shimAt = ip + Ipv4Header.LENGTH;
    }
    // Somebody else's tunnel only passes through: its key is formed at this layer.
    if (slot == 0 || !isLocalEndpoint4(slot, (int) addresses)) {
      return parse4(i, ip, first, second, addresses, depth, port);
    }
    outerAt = ip;
    outerLength = Ipv4Header.LENGTH;
    return enter(slot, (int) (first >>> 48), second >>> 24);
  }

  private int header6(int i, int depth, int port) {
    if (end - at < Ipv6Header.LENGTH) {
      return Codes.TRUNCATED;
    }
    long ip = Objects.checkIndex(at, LAST_HEADER_6);
    long first = Wire.u64(FRAMES, ip);
    int wrong = HeaderRules.ipv6(first, end - ip);
    if (wrong != 0) {
      return wrong;
    }
    end = ip + Ipv6Header.LENGTH + (first >>> 16 & 0xffff);
    int slot = SLOTS_6[(int) first >>> 8 & 0xff];
    if (slot == PacketState.BY_PORT) {
      slot = slotByPort(ip + Ipv6Header.LENGTH, true);
    } else {
      shimAt = ip + Ipv6Header.LENGTH;
    }
    if (slot == 0 || !isLocalEndpoint6(slot, ip + Ipv6Header.DESTINATION_OFFSET)) {
      return parse6(i, ip, first, depth, port);
    }
    outerAt = ip;
    outerLength = Ipv6Header.LENGTH;
    return enter(slot, (int) (first >>> 52), (int) first & 0xff);
  }

  /** Into a tunnel that ends here: the negated slot, or a reason. */
  private int enter(int slot, int tos, int ttl) {
    if (shimAt < 0) {
      return Codes.BAD_TOTAL_LENGTH;
    }
    int mark = Ecn.pop(ecn, tos);
    if (ttl == 0 || mark < 0) {
      return ttl == 0 ? Codes.TTL : Codes.ECN;
    }
    ecn = mark;
    return -slot;
  }

  /** The slot of a UDP datagram's port; the shim begins behind its header. */
  private int slotByPort(long udp, boolean isV6) {
    if (end - udp < UdpHeader.LENGTH) {
      return 0; // refused as a truncated transport header
    }
    boolean isWhole = UdpHeader.length(FRAMES, udp) == end - udp;
    // A datagram that ends before its packet does: the slow path knows what Linux makes of it.
    shimAt = isWhole ? udp + UdpHeader.LENGTH : -1;
    return PacketState.slotOfPort(udpPorts, isV6, UdpHeader.ports(FRAMES, udp) & 0xffff);
  }

  /** Checks the port and the Ethernet header: the EtherType, or a negated reason. */
  private static int ethernet(long offset, int length, int port) {
    if (length < EthernetHeader.LENGTH || length > 0xffff) {
      return length > 0xffff ? -Codes.SUPER_FRAME : -Codes.TRUNCATED;
    }
    if (port < 0 || port > PacketState.MAX_PORT || PORT_MACS[port] == 0) {
      return -Codes.PORT;
    }
    long start = Objects.checkIndex(offset, LAST_ETHERNET);
    // Another host's frame, a broadcast, a multicast: nothing that we would forward.
    if (Wire.u64(FRAMES, start) >>> 16 != PORT_MACS[port]) {
      return -Codes.NOT_FOR_US;
    }
    return EthernetHeader.type(FRAMES, start);
  }

  /** True if the address is in the exact set of a slot's own ends. */
  private boolean isLocalEndpoint4(int slot, int address) {
    long endpoint = PacketState.endpoint4(slot, address);
    if (endpoint == lastEndpoint4) {
      return true;
    }
    long[] set = endpoints4;
    int at = PacketState.endpointHash(endpoint) & set.length - 1;
    while (set[at] != endpoint) {
      if (set[at] == 0) {
        return false;
      }
      at = at + 1 & set.length - 1;
    }
    lastEndpoint4 = endpoint;
    return true;
  }

  /** True if the address at an offset is in the exact set of a slot's own ends. */
  private boolean isLocalEndpoint6(int slot, long address) {
    long high = Wire.u64(FRAMES, address);
    long low = Wire.u64(FRAMES, address + 8);
    long mark = PacketState.endpointMark6(slot);
    long[] set = endpoints6;
    int row = 3 * PacketState.endpointRow6(slot, high, low, set.length / 3);
    while (set[row] != 0) {
      if (set[row] == mark && set[row + 1] == high && set[row + 2] == low) {
        return true;
      }
      row = row + 3 == set.length ? 0 : row + 3;
    }
    return false;
  }

  private int parse4(
      int i, long ip, long first, int second, long addresses, int depth, int port) {
    if (second >>> 24 <= 1) {
      return Codes.TTL;
    }
    int protocol = second >>> 16 & 0xff;
    long l4 = ip + Ipv4Header.LENGTH;
    int refused = transport(protocol, l4, end);
    if (refused != 0) {
      return refused;
    }
    int tos = (int) (first >>> 48);
    int newEcn = Ecn.pop(ecn, tos);
    long encap = identity(depth);
    if (newEcn < 0 || encap == StackIdentity.NONE) {
      return newEcn < 0 ? Codes.ECN : Codes.MISS;
    }
    long ports = ports(l4, protocol, depth, port);
    long hash =
        Hashing.multiplyAndFold(
            Hashing.multiplyAndFold(addresses ^ S0, ports ^ S1) ^ S2, encap ^ S3);
    ADDRESSES[4 * i] = addresses;
    remember(i, ip, (int) (end - ip) | BurstScratch.ecnChange(newEcn, tos), ports, encap, hash);
    CANDIDATE[i] = INDEX.get(FlowStore.LONG, 8L * ((int) hash & MASK_4));
    return 0;
  }

  private int parse6(int i, long ip, long first, int depth, int port) {
    if (((int) first & 0xff) <= 1) {
      return Codes.TTL;
    }
    long l4 = ip + Ipv6Header.LENGTH;
    int protocol = (int) first >>> 8 & 0xff;
    int refused = transport(protocol, l4, end);
    if (refused != 0) {
      return refused == Codes.PROTOCOL ? HeaderRules.extension(protocol) : refused;
    }
    int trafficClass = (int) (first >>> 52) & 0xff;
    int newEcn = Ecn.pop(ecn, trafficClass);
    long encap = identity(depth);
    if (newEcn < 0 || encap == StackIdentity.NONE) {
      return newEcn < 0 ? Codes.ECN : Codes.MISS;
    }
    long ports = ports(l4, protocol, depth, port);
    int row = 4 * i;
    for (int word = 0; word < 4; word++) {
      ADDRESSES[row + word] = Wire.u64(FRAMES, ip + Ipv6Header.SOURCE_OFFSET + 8L * word);
    }
    long hash =
        HASHING.key6(
            ADDRESSES[row],
            ADDRESSES[row + 1],
            ADDRESSES[row + 2],
            ADDRESSES[row + 3],
            ports,
            encap);
    remember(
        i,
        ip,
        (int) (end - ip) | BurstScratch.ecnChange(newEcn, trafficClass) | BurstScratch.IS_6,
        ports,
        encap,
        hash);
    CANDIDATE[i] = INDEX.get(FlowStore.LONG, INDEX_6 + 8L * ((int) hash & MASK_6));
    return 0;
  }

  private static int transport(int protocol, long l4, long end) {
    int refused = HeaderRules.transport(protocol, end - l4);
    return refused != 0 || protocol != IpProtocol.TCP
        ? refused
        : HeaderRules.tcpFlags(TcpHeader.flags(FRAMES, l4));
  }

  /** Ports (32 bits), protocol (8), layers (8), ingress port (16). */
  private static long ports(long l4, int protocol, int depth, int port) {
    return PacketState.portsWord(Wire.u32(FRAMES, l4), protocol, depth, port);
  }

  private static void remember(int i, long ip, int inner, long ports, long encap, long hash) {
    INNER_AT[i] = ip;
    INNER[i] = inner;
    PORTS[i] = ports;
    ENCAP[i] = encap;
    HASH[i] = hash;
  }

  /** Reads what the control path changed, once per part of a burst. */
  @SuppressWarnings("ReferenceEquality") // A view is itself.
  private void pickUpState() {
    int now = STATE.acquire();
    if (now != version) {
      version = now;
      endpoints4 = STATE.endpoints4();
      endpoints6 = STATE.endpoints6();
      udpPorts = STATE.slotsByUdpPort();
      lastEndpoint4 = 0;
      if (stacks != STATE.stacks()) {
        // Additions keep the view, or they change nothing of what was found in the old one.
        stacks = STATE.stacks();
        STACKS.forget();
      }
    }
  }
}
