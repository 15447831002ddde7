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

  /** Most tunnel layers. */
  private static final int MAX_LAYERS = 8;

  // Exclusive limits of where a header of 20 or 14 bytes may begin.
  private static final long LAST_HEADER = Math.max(0, FRAMES.byteSize() - Ipv4Header.LENGTH + 1);
  private static final long LAST_ETHERNET =
      Math.max(0, FRAMES.byteSize() - EthernetHeader.LENGTH + 1);

  private long[] endpoints4 = STATE.endpoints4();
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
    long ip = offset + EthernetHeader.LENGTH;
    long end = offset + (int) span;
    if (type != EtherType.IPV4) {
      return type == EtherType.IPV6 ? parse6(i, ip, end, 0, Ecn.NONE, 0, port) : Codes.ETHERTYPE;
    }
    if (end - ip < Ipv4Header.LENGTH) {
      return Codes.TRUNCATED;
    }
    // One check for the whole header: the JIT drops those of the accesses in it.
    long header = Objects.checkIndex(ip, LAST_HEADER);
    // Version to fragment offset, TTL to checksum, both addresses.
    long first = Wire.u64(FRAMES, header);
    int second = Wire.u32(FRAMES, header + Ipv4Header.TTL_OFFSET);
    long addresses = Ipv4Header.addresses(FRAMES, header);
    int refused = HeaderRules.ipv4(first, second, addresses, end - ip);
    if (refused != 0) {
      return refused;
    }
    end = ip + (first >>> 32 & 0xffff);
    int slot = SLOTS_4[second >>> 16 & 0xff];
    // Somebody else's tunnel only passes through: its key is formed at this layer.
    if (slot == 0 || !isLocalEndpoint4(slot, (int) addresses)) {
      return parse4(i, ip, end, first, second, addresses, 0, Ecn.NONE, 0, port);
    }
    return second >>> 24 == 0
        ? Codes.TTL
        : parseTunnels(i, ip, end, slot, addresses, (int) (first >>> 48) & 3, port);
  }

  /**
   * Tunnels, one behind the other, down to the innermost packet; 0 or a reason.
   *
   * @param ip offset of the outermost header
   * @param end offset behind its packet
   * @param slot the provider's slot
   * @param addresses its addresses
   * @param ecn its ECN field
   */
  private int parseTunnels(int i, long ip, long end, int slot, long addresses, int ecn, int port)
      throws Throwable {
    KEY.truncate(0);
    for (int depth = 1; ; depth++) {
      slotInUse = slot;
      int before = KEY.size();
      long match = (long) MATCH.invokeExact(slot, FRAMES, ip + Ipv4Header.LENGTH, end, KEY);
      if (match < 0) {
        return Codes.refusal(match);
      }
      ip += Ipv4Header.LENGTH + Match.shimLength(match);
      end -= Match.trailerLength(match);
      if (ip > end) {
        return Codes.PROVIDER_FAULT;
      }
      // A stack of one layer without own words, the common case, needs no key.
      boolean isPlain = depth == 1 && KEY.size() == 0;
      long outer = addresses;
      // Namespace and number at once.
      int inner = (int) (match >>> 16) & 0xff_ffff;
      if (inner != IPV4_INSIDE) {
        return inner == IPV6_INSIDE
            ? parse6(i, ip, end, depth, ecn, identity(isPlain, outer, slot, before), port)
            : Codes.ENCAP_UNSUPPORTED;
      }
      if (end - ip < Ipv4Header.LENGTH) {
        return Codes.TRUNCATED;
      }
      long header = Objects.checkIndex(ip, LAST_HEADER);
      long first = Wire.u64(FRAMES, header);
      int second = Wire.u32(FRAMES, header + Ipv4Header.TTL_OFFSET);
      addresses = Ipv4Header.addresses(FRAMES, header);
      int refused = HeaderRules.ipv4(first, second, addresses, end - ip);
      if (refused != 0) {
        return refused;
      }
      end = ip + (first >>> 32 & 0xffff);
      int inside = SLOTS_4[second >>> 16 & 0xff];
      if (inside == 0 || !isLocalEndpoint4(inside, (int) addresses)) {
        long encap = identity(isPlain, outer, slot, before);
        return parse4(i, ip, end, first, second, addresses, depth, ecn, encap, port);
      }
      if (depth == MAX_LAYERS || second >>> 24 == 0) {
        return depth == MAX_LAYERS ? Codes.NESTING : Codes.TTL;
      }
      ecn = Ecn.pop(ecn, (int) (first >>> 48));
      if (ecn < 0) {
        return Codes.ECN;
      }
      addLayer(outer, slot, before);
      slot = inside;
    }
  }

  /** Ends a layer's words: those of the provider, the addresses, then the slot and their number. */
  private static void addLayer(long addresses, int slot, int before) {
    int words = KEY.size() - before + 1;
    KEY.add(addresses);
    KEY.add(PacketState.layerWord(slot, words));
  }

  /** The identity of the stack whose last layer this is. */
  private static long identity(boolean isPlain, long addresses, int slot, int before) {
    if (isPlain) {
      return STACKS.ofOneLayer(addresses, slot);
    }
    addLayer(addresses, slot, before);
    return STACKS.of(KEY);
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

  private static int parse4(
      int i,
      long ip,
      long end,
      long first,
      int second,
      long addresses,
      int depth,
      int ecn,
      long encap,
      int port) {
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

  private static int parse6(int i, long ip, long end, int depth, int ecn, long encap, int port) {
    if (end - ip < Ipv6Header.LENGTH) {
      return Codes.TRUNCATED;
    }
    long first = Wire.u64(FRAMES, ip);
    int wrong = HeaderRules.ipv6(first, end - ip);
    if (wrong != 0) {
      return wrong;
    }
    long l4 = ip + Ipv6Header.LENGTH;
    end = l4 + (first >>> 16 & 0xffff);
    int protocol = (int) first >>> 8 & 0xff;
    int refused = transport(protocol, l4, end);
    if (refused != 0) {
      return refused == Codes.PROTOCOL ? HeaderRules.extension(protocol) : refused;
    }
    int trafficClass = (int) (first >>> 52) & 0xff;
    int newEcn = Ecn.pop(ecn, trafficClass);
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
      lastEndpoint4 = 0;
      if (stacks != STATE.stacks()) {
        // Additions keep the view, or they change nothing of what was found in the old one.
        stacks = STATE.stacks();
        STACKS.forget();
      }
    }
  }
}
