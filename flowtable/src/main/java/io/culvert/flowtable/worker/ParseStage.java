package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.Hashing;
import io.culvert.flowtable.table.PacketState;
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
final class ParseStage implements Stage {
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

  /** Most tunnel layers. */
  private static final int MAX_LAYERS = 8;

  // Exclusive limits of where a header of 20 or 14 bytes may begin.
  private static final long LAST_HEADER = Math.max(0, FRAMES.byteSize() - Ipv4Header.LENGTH + 1);
  private static final long LAST_ETHERNET =
      Math.max(0, FRAMES.byteSize() - EthernetHeader.LENGTH + 1);

  private long[] endpoints4 = STATE.endpoints4();
  private long lastEndpoint4;
  private int version;
  private long plainAddresses;
  private int plainSlot;
  private int slotInUse;

  ParseStage() {}

  private static HotConstants constants() {
    return HotConstants.ofCallerClass(MethodHandles.lookup());
  }

  @Override
  public void run(FrameBurst burst) {
    pickUpState();
    int size = burst.size();
    int i = 0;
    while (i < size) {
      try {
        for (; i < size; i++) {
          RESULT[i] = parse(burst, i);
        }
      } catch (Throwable thrown) {
        // Only a provider's match can throw here. It loses its slot; the burst goes on.
        STATE.blowFuse(slotInUse, thrown);
        RESULT[i++] = Codes.PROVIDER_FAULT;
      }
    }
  }

  /** From the Ethernet header down to the innermost IP packet; 0 or a reason. */
  private int parse(FrameBurst burst, int i) throws Throwable {
    int type = ethernet(burst, i);
    if (type < 0) {
      return -type;
    }
    int port = burst.ingress[i];
    long ip = burst.offsets[i] + EthernetHeader.LENGTH;
    long end = burst.offsets[i] + burst.lengths[i];
    int ecn = Ecn.NONE;
    KEY.truncate(0);
    plainSlot = 0;
    for (int depth = 0; ; depth++) {
      if (type != EtherType.IPV4) {
        return type == EtherType.IPV6
            ? parse6(i, ip, end, depth, ecn, port)
            : depth == 0 ? Codes.ETHERTYPE : Codes.ENCAP_UNSUPPORTED;
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
        return parse4(i, ip, end, first, second, addresses, depth, ecn, port);
      }
      if (depth == MAX_LAYERS || second >>> 24 == 0) {
        return depth == MAX_LAYERS ? Codes.NESTING : Codes.TTL;
      }
      ecn = Ecn.pop(ecn, (int) (first >>> 48));
      if (ecn < 0) {
        return Codes.ECN;
      }
      long match = matchLayer(slot, addresses, ip + Ipv4Header.LENGTH, end);
      if (match < 0) {
        return refusal(match);
      }
      ip += Ipv4Header.LENGTH + Match.shimLength(match);
      end -= Match.trailerLength(match);
      if (ip > end) {
        return Codes.PROVIDER_FAULT;
      }
      type = Match.namespace(match) == InnerType.ETHERTYPE ? Match.number(match) : 0;
    }
  }

  /** Checks the port and the Ethernet header: the EtherType, or a negated reason. */
  private static int ethernet(FrameBurst burst, int i) {
    int length = burst.lengths[i];
    if (length < EthernetHeader.LENGTH || length > 0xffff) {
      return length > 0xffff ? -Codes.SUPER_FRAME : -Codes.TRUNCATED;
    }
    int port = burst.ingress[i];
    if (port < 0 || port > PacketState.MAX_PORT || PORT_MACS[port] == 0) {
      return -Codes.PORT;
    }
    long start = Objects.checkIndex(burst.offsets[i], LAST_ETHERNET);
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

  /**
   * A layer's identity: the provider's words, the addresses, then the slot and the number of words.
   * A first layer without own words, the common case, stays in two fields until another one
   * follows.
   */
  private long matchLayer(int slot, long addresses, long at, long end) throws Throwable {
    if (plainSlot != 0) {
      KEY.add(plainAddresses);
      KEY.add(PacketState.layerWord(plainSlot, 1));
      plainSlot = 0;
    }
    int before = KEY.size();
    slotInUse = slot;
    long match = (long) MATCH.invokeExact(slot, FRAMES, at, end, KEY);
    int words = KEY.size() - before;
    if (words == 0 && before == 0) {
      plainAddresses = addresses;
      plainSlot = slot;
    } else {
      KEY.add(addresses);
      KEY.add(PacketState.layerWord(slot, words + 1));
    }
    return match;
  }

  private long stackIdentity() {
    return plainSlot != 0 ? STACKS.ofOneLayer(plainAddresses, plainSlot) : STACKS.of(KEY);
  }

  private static int refusal(long match) {
    return match == Match.TRUNCATED
        ? Codes.TRUNCATED
        : match == Match.MALFORMED ? Codes.ENCAP_MALFORMED : Codes.ENCAP_UNSUPPORTED;
  }

  private int parse4(
      int i,
      long ip,
      long end,
      long first,
      int second,
      long addresses,
      int depth,
      int ecn,
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
    long encap = depth == 0 ? 0 : stackIdentity();
    if (newEcn < 0 || encap == StackIdentity.NONE) {
      return newEcn < 0 ? Codes.ECN : Codes.MISS;
    }
    long ports = ports(l4, protocol, depth, port);
    long hash =
        Hashing.multiplyAndFold(
            Hashing.multiplyAndFold(addresses ^ S0, ports ^ S1) ^ S2, encap ^ S3);
    ADDRESSES[4 * i] = addresses;
    remember(i, ip, (int) (end - ip) | ecnChange(newEcn, tos), ports, encap, hash);
    CANDIDATE[i] = INDEX.get(FlowStore.LONG, 8L * ((int) hash & MASK_4));
    return 0;
  }

  private int parse6(int i, long ip, long end, int depth, int ecn, int port) {
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
    long encap = depth == 0 ? 0 : stackIdentity();
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
        (int) (end - ip) | ecnChange(newEcn, trafficClass) | BurstScratch.IS_6,
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

  private static int ecnChange(int newEcn, int tos) {
    return newEcn == (tos & 3) ? 0 : newEcn << BurstScratch.ECN_SHIFT | BurstScratch.ECN_CHANGED;
  }

  private static void remember(int i, long ip, int inner, long ports, long encap, long hash) {
    INNER_AT[i] = ip;
    INNER[i] = inner;
    PORTS[i] = ports;
    ENCAP[i] = encap;
    HASH[i] = hash;
  }

  /** Reads what the control path changed, once per burst. */
  private void pickUpState() {
    int now = STATE.acquire();
    if (now != version) {
      version = now;
      endpoints4 = STATE.endpoints4();
      lastEndpoint4 = 0;
      STACKS.update(STATE.stacks());
    }
  }
}
