package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.Translation;
import io.culvert.wire.InternetChecksum;
import io.culvert.wire.IpProtocol;
import io.culvert.wire.Ipv4Header;
import io.culvert.wire.Ipv6Header;
import io.culvert.wire.TcpHeader;
import io.culvert.wire.UdpHeader;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.Objects;

/**
 * Fifth stage, and the first that writes: addresses and ports of flows that are translated, with
 * the checksums over them. Nothing can be refused any more. The new addresses and ports are those
 * of the flow's other direction, whose entry lies beside this one.
 *
 * <p>A wrong TCP or UDP checksum stays as wrong as it was; a UDP checksum of 0 is none, over IPv6
 * too, and stays (Linux's {@code udp_manip_pkt}).
 *
 * <p>Compiled once more for each worker, see {@link PipelineCompiler}.
 */
final class TranslateStage extends Stage {
  private static final HotConstants C = constants();
  private static final MemorySegment FRAMES = C.frames();
  private static final MemorySegment ENTRIES = C.flows4().entries();
  private static final long ENTRIES_6 = C.flows6().entriesBase();

  private static final BurstScratch SCRATCH = C.scratch();
  private static final long[] ROWS = C.scratch().rows;

  // Exclusive limits of where an IP header with the shortest transport may begin.
  private static final long LAST_IPV4 = last(Ipv4Header.LENGTH);
  private static final long LAST_IPV6 = last(Ipv6Header.LENGTH);

  TranslateStage() {}

  private static HotConstants constants() {
    return HotConstants.ofCallerClass(MethodHandles.lookup());
  }

  private static long last(int header) {
    return Math.max(0, FRAMES.byteSize() - header - UdpHeader.LENGTH + 1);
  }

  @Override
  void run(FrameBurst burst, int from, int to) {
    int end = SCRATCH.toTranslate == 0 ? from : to;
    for (int i = from; i < end; i++) {
      int row = BurstScratch.row(i);
      long inner = ROWS[row + BurstScratch.INNER];
      if (ROWS[row + BurstScratch.RESULT] == 0 && (inner & BurstScratch.TRANSLATED) != 0) {
        long at = ROWS[row + BurstScratch.INNER_AT];
        long entry = ROWS[row + BurstScratch.ENTRY];
        if ((inner & BurstScratch.IS_6) == 0) {
          translate4(at, entry);
        } else {
          translate6(at, entry);
        }
      }
    }
  }

  private static void translate4(long at, long own) {
    long ip = Objects.checkIndex(at, LAST_IPV4);
    long other = own ^ FlowStore.STRIDE_4;
    int deltas = ENTRIES.get(FlowStore.INT, own + FlowStore.NAT_OFFSET);
    long addresses = ENTRIES.get(FlowStore.LONG, other + FlowStore.ADDRESSES_OFFSET);
    Wire.put64(FRAMES, ip + Ipv4Header.SOURCE_OFFSET, Translation.turned(addresses));
    int checksum = Ipv4Header.checksum(FRAMES, ip);
    Wire.put16(
        FRAMES,
        ip + Ipv4Header.CHECKSUM_OFFSET,
        InternetChecksum.update(checksum, Translation.header(deltas)));
    long ports = ENTRIES.get(FlowStore.LONG, other + FlowStore.PORTS_OFFSET);
    transport(ip + Ipv4Header.LENGTH, ports, Translation.transport(deltas));
  }

  private static void translate6(long at, long own) {
    long ip = Objects.checkIndex(at, LAST_IPV6);
    long other = ENTRIES_6 + (own - ENTRIES_6 ^ FlowStore.STRIDE_6);
    int deltas = ENTRIES.get(FlowStore.INT, own + FlowStore.NAT_OFFSET);
    long from = other + FlowStore.ADDRESSES_OFFSET;
    long source = ip + Ipv6Header.SOURCE_OFFSET;
    long destination = ip + Ipv6Header.DESTINATION_OFFSET;
    Wire.put64(FRAMES, source, ENTRIES.get(FlowStore.LONG, from + 16));
    Wire.put64(FRAMES, source + 8, ENTRIES.get(FlowStore.LONG, from + 24));
    Wire.put64(FRAMES, destination, ENTRIES.get(FlowStore.LONG, from));
    Wire.put64(FRAMES, destination + 8, ENTRIES.get(FlowStore.LONG, from + 8));
    long ports = ENTRIES.get(FlowStore.LONG, other + FlowStore.PORTS_OFFSET);
    transport(ip + Ipv6Header.LENGTH, ports, Translation.transport(deltas));
  }

  /**
   * Ports and checksum.
   *
   * @param at offset of the TCP or UDP header
   * @param key ports and protocol of the other direction's key
   * @param delta change of the checksum
   */
  private static void transport(long at, long key, int delta) {
    Wire.put32(FRAMES, at, Translation.turnedPorts(key));
    if ((key >>> 24 & 0xff) == IpProtocol.UDP) {
      int checksum = UdpHeader.checksum(FRAMES, at);
      if (checksum != 0) {
        int updated = InternetChecksum.update(checksum, delta);
        // RFC 768: 0 would mean "none".
        Wire.put16(FRAMES, at + UdpHeader.CHECKSUM_OFFSET, updated == 0 ? 0xffff : updated);
      }
    } else {
      int checksum = Wire.u16(FRAMES, at + TcpHeader.CHECKSUM_OFFSET);
      Wire.put16(FRAMES, at + TcpHeader.CHECKSUM_OFFSET, InternetChecksum.update(checksum, delta));
    }
  }
}
