package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.Hashing;
import io.culvert.flowtable.table.IndexView;
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
import org.jspecify.annotations.Nullable;

/**
 * First stage: from the Ethernet header through all tunnels down to the transport header, and the
 * flow key's hash. Reads only; one condition a line, one reason each.
 *
 * <p>Compiled twice more for each worker, see {@link PipelineCompiler}: its {@code static final}
 * fields are constants there. The first of the two reads the headers in front of every frame, and
 * those of frames without tunnel to the end; the second one walks through the tunnels of the
 * others. So the JIT makes code of its own for each, in which the other half folds away.
 */
final class ParseStage extends Parser {
  private static final HotConstants C = constants();
  // Null, and so folded away, in the second half.
  private static final @Nullable Parser TUNNELS = C.tunnels();
  private static final MemorySegment FRAMES = C.frames();
  private static final FlowStore FLOWS_4 = C.flows4();
  private static final FlowStore FLOWS_6 = C.flows6();
  private static final boolean GROWS = FLOWS_4.grows() || FLOWS_6.grows();
  private static final long VIEW_4 = FLOWS_4.view();
  private static final long VIEW_6 = FLOWS_6.view();
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
  private static final long[] TRANSIT_4 = STATE.transit4();
  private static final long[] TRANSIT_6 = STATE.transit6();
  private static final MethodHandle MATCH = C.match();

  private static final BurstScratch SCRATCH = C.scratch();
  private static final long[] ROWS = C.scratch().rows;
  private static final EncapKey KEY = new EncapKey();
  private static final StackIdentity STACKS = new StackIdentity(C);
  private static final LocalEnds ENDS = new LocalEnds(STATE);
  private static final long PORT_BITS = LocalEnds.portBits(STATE);

  private static final int IPV4_INSIDE = InnerType.ETHERTYPE << 16 | EtherType.IPV4;
  private static final int IPV6_INSIDE = InnerType.ETHERTYPE << 16 | EtherType.IPV6;
  private static final int ETHERNET_INSIDE = InnerType.LINK << 16 | InnerType.LINK_ETHERNET;

  /** Most tunnel layers. */
  private static final int MAX_LAYERS = 8;

  // Of an IP header with the ports behind it, a byte more than there is to read: the JIT believes
  // that an index may reach the limit which it was checked against.
  private static final int ROOM_4 = Ipv4Header.LENGTH + UdpHeader.LENGTH + 1;
  private static final int ROOM_6 = Ipv6Header.LENGTH + UdpHeader.LENGTH + 1;
  private static final int ROOM_FRAME = EthernetHeader.LENGTH + ROOM_4 + 1;

  // Exclusive limits of where a header may begin: one check for all of it, and the JIT drops those
  // of the accesses in it. First those of the common case, with room behind.
  private static final long LAST_FRAME = last(ROOM_FRAME);
  private static final long LAST_4 = last(ROOM_4);
  private static final long LAST_6 = last(ROOM_6);
  private static final long LAST_ETHERNET = last(EthernetHeader.LENGTH);
  private static final long LAST_HEADER_4 = last(Ipv4Header.LENGTH);
  private static final long LAST_HEADER_6 = last(Ipv6Header.LENGTH);

  private int version;
  private StackTable.View stacks = STATE.stacks();
  private int slotInUse;

  ParseStage() {}

  private static HotConstants constants() {
    return HotConstants.ofCallerClass(MethodHandles.lookup());
  }

  private static long last(int bytes) {
    return Math.max(0, FRAMES.byteSize() - bytes + 1);
  }

  @Override
  void run(FrameBurst burst, int from, int to) {
    pickUpState();
    SCRATCH.edges = 0;
    for (int i = from; i < to; i++) {
      int row = BurstScratch.row(i);
      int result = parse(burst.rows, i, row);
      ROWS[row + BurstScratch.RESULT] =
          result >= 0 || TUNNELS == null ? result : TUNNELS.walk(burst.rows, i, -result);
    }
  }

  @Override
  int walk(long[] frames, int i, int slot) {
    int frame = i * FrameBurst.ROW;
    int port = (int) (frames[frame + FrameBurst.SPAN] >>> 32);
    KEY.truncate(0);
    try {
      return tunnels(i, slot, frames[frame + FrameBurst.OFFSET], port);
    } catch (Throwable thrown) {
      // Only a provider's match can throw here. It loses its slot; the burst goes on.
      STATE.blowFuse(slotInUse, thrown);
      return Codes.PROVIDER_FAULT;
    }
  }

  /**
   * The headers in front of a frame: 0 or a reason, or the negated slot of a tunnel that ends here.
   */
  private static int parse(long[] frames, int i, int row) {
    int frame = i * FrameBurst.ROW;
    long offset = frames[frame + FrameBurst.OFFSET];
    long span = frames[frame + FrameBurst.SPAN];
    int port = (int) (span >>> 32);
    int length = (int) span;
    if (length < ROOM_FRAME || length > 0xffff) {
      return length > 0xffff ? Codes.SUPER_FRAME : parseShort(offset, length, port, row);
    }
    return ethernet(Objects.checkIndex(offset, LAST_FRAME), length, port, row);
  }

  /** The same for frames so short that their headers may end where the pool does. */
  private static int parseShort(long offset, int length, int port, int row) {
    return length < EthernetHeader.LENGTH
        ? Codes.TRUNCATED
        : ethernet(Objects.checkIndex(offset, LAST_ETHERNET), length, port, row);
  }

  /**
   * Tunnels, one behind the other, down to the innermost packet; 0 or a reason.
   *
   * @param slot the outermost one's slot
   * @param station offset of the Ethernet header
   */
  private int tunnels(int i, int slot, long station, int port) throws Throwable {
    int row = BurstScratch.row(i);
    for (int depth = 1; depth <= MAX_LAYERS; depth++) {
      slotInUse = slot;
      int before = KEY.size();
      long place = ROWS[row + BurstScratch.SHIM];
      long shim = place >>> 16;
      long end = shim + (place & 0xffff);
      long match = (long) MATCH.invokeExact(slot, FRAMES, shim, end, KEY);
      if (match < 0) {
        return Codes.refusal(match);
      }
      long at = shim + Match.shimLength(match);
      end -= Match.trailerLength(match);
      if (at > end) {
        return Codes.PROVIDER_FAULT;
      }
      int type = (int) (match >>> 16) & 0xff_ffff; // namespace and number at once
      long outer = ROWS[row + BurstScratch.OUTER];
      long identity = depth == 1 ? single(outer, slot, type) : StackIdentity.OPEN;
      if (identity == StackIdentity.OPEN) {
        closeLayer(outer, slot, before, station);
      }
      if (type == ETHERNET_INSIDE) {
        type = ethernetInside(at, end);
        if (type < 0) {
          return -type;
        }
        station = at;
        at += EthernetHeader.LENGTH;
      }
      int layers = identity == StackIdentity.OPEN ? depth : STACKS.layersOfOne(slot);
      int mark = (int) outer >>> 8 & 0xff;
      int next = header(row, type, at, end, mark, layers << 16 | port, identity);
      if (next >= 0) {
        return next;
      }
      if (identity != StackIdentity.OPEN) {
        closeLayer(outer, slot, before, station); // after all there are more
      }
      slot = -next;
    }
    return Codes.NESTING;
  }

  /**
   * The identity of a first layer of one word: addresses, or a tag's number; {@link
   * StackIdentity#OPEN} if it has more. The common case takes a short way, since each word that
   * goes through the key waits for the one before.
   */
  private static long single(long outer, int slot, int type) {
    int words = KEY.size();
    int length = (int) outer & 0xff;
    if (type == ETHERNET_INSIDE) {
      return StackIdentity.OPEN;
    }
    if (words == 0 && length == Ipv4Header.LENGTH) {
      return STACKS.ofOneLayer(Ipv4Header.addresses(FRAMES, outer >>> 16), slot);
    }
    return words == 1 && length == 0 && !BY_PEER[slot]
        ? STACKS.ofOneLayer(KEY.word(0), slot)
        : StackIdentity.OPEN;
  }

  /** An Ethernet header in a tunnel: the type behind it, or a negated reason. */
  private static int ethernetInside(long at, long end) {
    if (end - at < EthernetHeader.LENGTH) {
      return -Codes.TRUNCATED;
    }
    long header = Objects.checkIndex(at, LAST_ETHERNET);
    long destination = Wire.u64(FRAMES, header) >>> 16;
    long source = Wire.u48(FRAMES, header + EthernetHeader.SOURCE_OFFSET);
    if (source == destination || (source >>> 40 & 1) != 0) {
      return -Codes.NOT_FOR_US; // our own frame came back, or nobody's
    }
    KEY.add(PacketState.ETHERNET_WORD | destination); // whose frame it is belongs to the key
    return InnerType.ETHERTYPE << 16 | EthernetHeader.type(FRAMES, header);
  }

  /** Ends a layer's words: peer, outer addresses, then the slot and their number. */
  private static void closeLayer(long outer, int slot, int before, long station) {
    if (BY_PEER[slot]) {
      KEY.add(Wire.u48(FRAMES, station + EthernetHeader.SOURCE_OFFSET));
    }
    int length = (int) outer & 0xff;
    long ip = outer >>> 16;
    if (length == Ipv4Header.LENGTH) {
      KEY.add(Ipv4Header.addresses(FRAMES, ip));
    } else if (length != 0) {
      long at = Objects.checkIndex(ip, LAST_HEADER_6) + Ipv6Header.SOURCE_OFFSET;
      KEY.add(Wire.u64(FRAMES, at));
      KEY.add(Wire.u64(FRAMES, at + 8));
      KEY.add(Wire.u64(FRAMES, at + 16));
      KEY.add(Wire.u64(FRAMES, at + 24));
    }
    KEY.add(PacketState.layerWord(slot, KEY.size() - before));
  }

  /**
   * What stands at {@code at}: 0 or a reason if the way in ends here, else the negated slot of a
   * tunnel that does.
   *
   * @param mark ECN field of the header outside, which is to be popped
   * @param layers number of layers, or what stands for it (16 bits), ingress port (16)
   * @param identity of the stack so far, or {@link StackIdentity#OPEN}
   */
  private static int header(
      int row, int type, long at, long end, int mark, int layers, long identity) {
    if (type == IPV4_INSIDE) {
      return header4(row, at, end, mark, layers, identity);
    }
    if (type == IPV6_INSIDE) {
      return header6(row, at, end, mark, layers, identity);
    }
    int slot = type >>> 16 == InnerType.ETHERTYPE ? SLOTS_BY_TYPE[type & 0xffff] : 0;
    if (slot == 0) {
      return TUNNELS == null ? Codes.ENCAP_UNSUPPORTED : Codes.ETHERTYPE;
    }
    // A mark of an IP header outside is not told past a tag (Linux loses it, RFC 6040 would not):
    // where it would change the inner one, the slow path decides.
    return mark == Ecn.CE || mark == Ecn.ECT_1
        ? Codes.ECN
        : enter(row, slot, at, end, Ecn.NONE << 8);
  }

  private static int header4(int row, long at, long end, int mark, int layers, long identity) {
    return end - at < ROOM_4
        ? shortHeader4(row, at, end, mark, layers, identity)
        : ipv4(row, Objects.checkIndex(at, LAST_4), end, mark, layers, identity);
  }

  /** The same for packets so short that they may end where the pool does. */
  private static int shortHeader4(int row, long at, long end, int mark, int layers, long identity) {
    return end - at < Ipv4Header.LENGTH
        ? Codes.TRUNCATED
        : ipv4(row, Objects.checkIndex(at, LAST_HEADER_4), end, mark, layers, identity);
  }

  private static int ipv4(int row, long ip, long end, int mark, int layers, long identity) {
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
      slot = slotByPort(ip + Ipv4Header.LENGTH, end, false);
    }
    // Somebody else's tunnel only passes through: its key is formed at this layer.
    return slot == 0 || !ENDS.has4(slot, (int) addresses)
        ? parse4(row, ip, end, first, second, addresses, mark, layers, identity)
        : tunnel4(row, ip, end, first, second, mark, slot);
  }

  /** A packet of a tunnel that ends here. */
  private static int tunnel4(
      int row, long ip, long end, long first, int second, int mark, int slot) {
    boolean isUdp = (second >>> 16 & 0xff) == IpProtocol.UDP;
    long shim = ip + Ipv4Header.LENGTH;
    if (isUdp && isCutShort(shim, end)) {
      return Codes.BAD_TOTAL_LENGTH;
    }
    int outer = Ecn.pop(mark, (int) (first >>> 48));
    if (second >>> 24 == 0 || outer < 0) {
      return outer < 0 ? Codes.ECN : Codes.TTL;
    }
    long place = ip << 16 | (long) outer << 8 | Ipv4Header.LENGTH;
    return enter(row, slot, isUdp ? shim + UdpHeader.LENGTH : shim, end, place);
  }

  private static int header6(int row, long at, long end, int mark, int layers, long identity) {
    return end - at < ROOM_6
        ? shortHeader6(row, at, end, mark, layers, identity)
        : ipv6(row, Objects.checkIndex(at, LAST_6), end, mark, layers, identity);
  }

  private static int shortHeader6(int row, long at, long end, int mark, int layers, long identity) {
    return end - at < Ipv6Header.LENGTH
        ? Codes.TRUNCATED
        : ipv6(row, Objects.checkIndex(at, LAST_HEADER_6), end, mark, layers, identity);
  }

  private static int ipv6(int row, long ip, long end, int mark, int layers, long identity) {
    long first = Wire.u64(FRAMES, ip);
    int wrong = HeaderRules.ipv6(first, end - ip);
    if (wrong != 0) {
      return wrong;
    }
    long shim = ip + Ipv6Header.LENGTH;
    end = shim + (first >>> 16 & 0xffff);
    int slot = SLOTS_6[(int) first >>> 8 & 0xff];
    if (slot == PacketState.BY_PORT) {
      slot = slotByPort(shim, end, true);
      shim += UdpHeader.LENGTH;
    }
    long high = Wire.u64(FRAMES, ip + Ipv6Header.DESTINATION_OFFSET);
    long low = Wire.u64(FRAMES, ip + Ipv6Header.DESTINATION_OFFSET + 8);
    if (slot == 0 || !ENDS.has6(slot, high, low)) {
      return parse6(row, ip, end, first, mark, layers, identity);
    }
    if (shim != ip + Ipv6Header.LENGTH && isCutShort(ip + Ipv6Header.LENGTH, end)) {
      return Codes.BAD_TOTAL_LENGTH;
    }
    int outer = Ecn.pop(mark, (int) (first >>> 52));
    if (((int) first & 0xff) == 0 || outer < 0) {
      return outer < 0 ? Codes.ECN : Codes.TTL;
    }
    return enter(row, slot, shim, end, ip << 16 | (long) outer << 8 | Ipv6Header.LENGTH);
  }

  /**
   * Notes where a tunnel's shim is; the negated slot, or a reason.
   *
   * @param outer offset of the IP header in front (48 bits), its ECN field (8), its length (8)
   */
  private static int enter(int row, int slot, long shim, long end, long outer) {
    ROWS[row + BurstScratch.SHIM] = shim << 16 | (end - shim & 0xffff);
    ROWS[row + BurstScratch.OUTER] = outer;
    return -slot;
  }

  /** A datagram that ends before its packet does: the slow path knows what Linux makes of it. */
  private static boolean isCutShort(long udp, long end) {
    return UdpHeader.length(FRAMES, udp) != end - udp;
  }

  /**
   * The slot of a UDP datagram's port; 0 if there is none. A new port makes a new slot, and so a
   * new pipeline: a bit for each port is a constant, and most datagrams are done with it.
   */
  private static int slotByPort(long udp, long end, boolean isV6) {
    if (end - udp < UdpHeader.LENGTH) {
      return 0; // refused as a truncated transport header
    }
    int port = UdpHeader.ports(FRAMES, udp) & 0xffff;
    return (PORT_BITS >>> port & 1) == 0 ? 0 : ENDS.slotOfPort(isV6, port);
  }

  /**
   * Checks the port and the Ethernet header, and goes on behind it.
   *
   * @param start offset of the header, which lies in the pool
   */
  private static int ethernet(long start, int length, int port, int row) {
    long mac = port < 0 || port > PacketState.MAX_PORT ? 0 : PORT_MACS[port];
    // Another host's frame, a broadcast, a multicast: nothing that we would forward.
    if (mac == 0 || Wire.u64(FRAMES, start) >>> 16 != mac) {
      return mac == 0 ? Codes.PORT : Codes.NOT_FOR_US;
    }
    int type = InnerType.ETHERTYPE << 16 | EthernetHeader.type(FRAMES, start);
    long at = start + EthernetHeader.LENGTH;
    return header(row, type, at, start + length, Ecn.NONE, port, 0);
  }

  private static int parse4(
      int row,
      long ip,
      long end,
      long first,
      int second,
      long addresses,
      int mark,
      int layers,
      long identity) {
    if (second >>> 24 <= 1) {
      return Codes.TTL;
    }
    int protocol = second >>> 16 & 0xff;
    long l4 = ip + Ipv4Header.LENGTH;
    int refused = HeaderRules.transport(protocol, end - l4);
    long ports;
    if (refused == 0) {
      ports = ports(l4, protocol, layers);
    } else {
      refused = refused == Codes.PROTOCOL ? transit(TRANSIT_4, protocol, l4, end) : refused;
      if (refused != 0) {
        return refused;
      }
      ports = noPorts(protocol, layers);
    }
    int keyed = key4(row, ip, end, (int) (first >>> 48), addresses, mark, ports, identity);
    return protocol == IpProtocol.TCP ? tcp(row, l4, keyed) : keyed;
  }

  private static int key4(
      int row, long ip, long end, int tos, long addresses, int mark, long ports, long identity) {
    int newEcn = Ecn.pop(mark, tos);
    long encap = identity == StackIdentity.OPEN ? STACKS.of(KEY) : identity;
    if (newEcn < 0 || encap == StackIdentity.NONE) {
      return newEcn < 0 ? Codes.ECN : Codes.MISS;
    }
    long hash =
        Hashing.multiplyAndFold(
            Hashing.multiplyAndFold(addresses ^ S0, ports ^ S1) ^ S2, encap ^ S3);
    ROWS[row + BurstScratch.ADDRESSES] = addresses;
    remember(row, ip, (int) (end - ip) | BurstScratch.ecnChange(newEcn, tos), ports, encap, hash);
    ROWS[row + BurstScratch.BUCKET] = IndexView.first(hash, GROWS ? SCRATCH.view4 : VIEW_4);
    return 0;
  }

  private static int parse6(
      int row, long ip, long end, long first, int mark, int layers, long identity) {
    if (((int) first & 0xff) <= 1) {
      return Codes.TTL;
    }
    long l4 = ip + Ipv6Header.LENGTH;
    int protocol = (int) first >>> 8 & 0xff;
    int refused = HeaderRules.transport(protocol, end - l4);
    long ports;
    if (refused == 0) {
      ports = ports(l4, protocol, layers);
    } else {
      refused = refused == Codes.PROTOCOL ? transit(TRANSIT_6, protocol, l4, end) : refused;
      if (refused != 0) {
        return refused == Codes.PROTOCOL ? HeaderRules.extension(protocol) : refused;
      }
      ports = noPorts(protocol, layers);
    }
    int keyed = key6(row, ip, end, (int) (first >>> 52) & 0xff, mark, ports, identity);
    return protocol == IpProtocol.TCP ? tcp(row, l4, keyed) : keyed;
  }

  private static int key6(
      int row, long ip, long end, int trafficClass, int mark, long ports, long identity) {
    int newEcn = Ecn.pop(mark, trafficClass);
    long encap = identity == StackIdentity.OPEN ? STACKS.of(KEY) : identity;
    if (newEcn < 0 || encap == StackIdentity.NONE) {
      return newEcn < 0 ? Codes.ECN : Codes.MISS;
    }
    int addresses = row + BurstScratch.ADDRESSES;
    for (int word = 0; word < 4; word++) {
      ROWS[addresses + word] = Wire.u64(FRAMES, ip + Ipv6Header.SOURCE_OFFSET + 8L * word);
    }
    long hash =
        HASHING.key6(
            ROWS[addresses],
            ROWS[addresses + 1],
            ROWS[addresses + 2],
            ROWS[addresses + 3],
            ports,
            encap);
    int inner = (int) (end - ip) | BurstScratch.ecnChange(newEcn, trafficClass) | BurstScratch.IS_6;
    remember(row, ip, inner, ports, encap, hash);
    ROWS[row + BurstScratch.BUCKET] = IndexView.first(hash, GROWS ? SCRATCH.view6 : VIEW_6);
    return 0;
  }

  /**
   * The edges of a connection go to the slow path; if there is a flow key, its flow is told.
   *
   * @param keyed 0 or a reason
   */
  private static int tcp(int row, long l4, int keyed) {
    int flags = TcpHeader.flags(FRAMES, l4);
    int refused = HeaderRules.tcpFlags(flags);
    return refused == 0 ? keyed : edge(row, flags, keyed);
  }

  private static int edge(int row, int flags, int keyed) {
    if (keyed == 0) {
      boolean opens = (flags & TcpHeader.SYN) != 0;
      ROWS[row + BurstScratch.INNER] |= opens ? BurstScratch.OPENS : BurstScratch.CLOSES;
      SCRATCH.edges++;
    } else {
      ROWS[row + BurstScratch.INNER] = 0; // of an earlier burst
    }
    return Codes.TCP_STATE;
  }

  /**
   * A packet without ports, which may be a flow by its protocol: 0 or a reason. The bytes that are
   * compared are read together with those in front, which are the IP header's.
   */
  private static int transit(long[] table, int protocol, long l4, long end) {
    long length = table[3 * protocol] - 1;
    if (length < 0 || end - l4 < length) {
      return length < 0 ? Codes.PROTOCOL : Codes.TRUNCATED;
    }
    long bits = Wire.u64(FRAMES, l4 + length - 8) & table[3 * protocol + 1];
    return bits == table[3 * protocol + 2] ? 0 : Codes.PROTOCOL;
  }

  private static long noPorts(int protocol, int layers) {
    return PacketState.portsWord(0, protocol, layers >>> 16, layers & 0xffff);
  }

  /** Ports (32 bits), protocol (8), layers (8), ingress port (16). */
  private static long ports(long l4, int protocol, int layers) {
    return PacketState.portsWord(Wire.u32(FRAMES, l4), protocol, layers >>> 16, layers & 0xffff);
  }

  private static void remember(int row, long ip, int inner, long ports, long encap, long hash) {
    ROWS[row + BurstScratch.INNER_AT] = ip;
    ROWS[row + BurstScratch.INNER] = inner;
    ROWS[row + BurstScratch.PORTS] = ports;
    ROWS[row + BurstScratch.ENCAP] = encap;
    ROWS[row + BurstScratch.HASH] = hash;
  }

  /** Reads what the control path changed, once per part of a burst. */
  @Override
  @SuppressWarnings("ReferenceEquality") // A view is itself.
  void pickUpState() {
    int now = STATE.acquire();
    if (GROWS) {
      SCRATCH.view4 = FLOWS_4.view();
      SCRATCH.view6 = FLOWS_6.view();
    }
    if (now != version) {
      version = now;
      if (TUNNELS != null) {
        TUNNELS.pickUpState();
      }
      ENDS.pickUp();
      if (stacks != STATE.stacks()) {
        // Additions keep the view, or they change nothing of what was found in the old one.
        stacks = STATE.stacks();
        STACKS.forget();
      }
    }
  }
}
