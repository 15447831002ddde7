package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.RxProgram;
import io.culvert.wire.InternetChecksum;
import io.culvert.wire.IpProtocol;
import io.culvert.wire.Ipv4Header;
import io.culvert.wire.Ipv6Header;
import io.culvert.wire.UdpHeader;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/**
 * Third stage: what a flow's tunnels ask of their headers beyond the identity: bits, checksums, and
 * the priority and the drop mark that a tag gives. Only for flows that have such a program; reads
 * only.
 *
 * <p>Compiled once more for each worker, see {@link PipelineCompiler}.
 */
final class VerifyStage extends Stage {
  private static final HotConstants C = constants();
  private static final MemorySegment FRAMES = C.frames();
  private static final MemorySegment ENTRIES = C.flows4().entries();
  private static final PacketState STATE = C.state();

  private static final long[] ROWS = C.scratch().rows;

  VerifyStage() {}

  private static HotConstants constants() {
    return HotConstants.ofCallerClass(MethodHandles.lookup());
  }

  @Override
  void run(FrameBurst burst, int from, int to) {
    long[] programs = STATE.rxPrograms();
    if (programs.length == 1) {
      return; // none but the empty one: no flow needs this stage
    }
    for (int i = from; i < to; i++) {
      int row = BurstScratch.row(i);
      if (ROWS[row + BurstScratch.RESULT] == 0) {
        ROWS[row + BurstScratch.SEQUENCE] = 0;
        long entry = ROWS[row + BurstScratch.ENTRY];
        int number = ENTRIES.get(FlowStore.INT, entry + FlowStore.RX_PROGRAM_OFFSET);
        if (number != 0) {
          ROWS[row + BurstScratch.RESULT] =
              verify(programs, number, burst.rows[i * FrameBurst.ROW], row);
        }
      }
    }
  }

  /** Runs a program on the frame at an offset: 0 or a reason. */
  private static int verify(long[] programs, int number, long frame, int row) {
    long head = programs[number];
    if (ROWS[row + BurstScratch.INNER_AT] - frame != RxProgram.headerLength(head)) {
      return Codes.ENCAP_UNSUPPORTED; // headers that the peer's own packets do not have
    }
    int last = number + RxProgram.size(head);
    for (int at = number + 1; at <= last; at++) {
      long operation = programs[at];
      switch (RxProgram.kind(operation)) {
        case RxProgram.UDP -> {
          if (!isUdpGood(operation, frame)) {
            return Codes.ENCAP_CHECKSUM;
          }
        }
        case RxProgram.CHECKSUM -> {
          if (!isChecksumGood(operation, frame)) {
            return Codes.ENCAP_CHECKSUM;
          }
        }
        case RxProgram.BITS -> {
          long bits = Wire.u64(FRAMES, frame + RxProgram.first(operation)) & programs[at + 1];
          if (bits != programs[at + 2]) {
            return Codes.ENCAP_UNSUPPORTED;
          }
          at += 2;
        }
        case RxProgram.SEQUENCE -> {
          // Judged when nothing else can refuse the packet: it changes what is expected.
          long received = Wire.u32(FRAMES, frame + RxProgram.first(operation)) & 0xffff_ffffL;
          ROWS[row + BurstScratch.SEQUENCE] =
              BurstScratch.SEQUENCED | (long) RxProgram.second(operation) << 32 | received;
        }
        default -> take(operation, Wire.u8(FRAMES, frame + RxProgram.first(operation)), row);
      }
    }
    return 0;
  }

  /** What a byte says of how its packet is to be treated: the priority, or the drop mark. */
  private static void take(long operation, int value, int row) {
    long inner = ROWS[row + BurstScratch.INNER];
    if (RxProgram.kind(operation) == RxProgram.PRIORITY) {
      long priority = RxProgram.priorityOf(operation, value >>> 5);
      inner &= ~(15L << BurstScratch.PRIORITY_SHIFT);
      inner |= priority << BurstScratch.PRIORITY_SHIFT;
    } else {
      inner &= ~BurstScratch.DROP_ELIGIBLE;
      inner |= RxProgram.has(operation, value) ? BurstScratch.DROP_ELIGIBLE : 0;
    }
    ROWS[row + BurstScratch.INNER] = inner;
  }

  /** The end of the IP packet whose header an operation names. */
  private static long endOf(long operation, long frame) {
    long ip = frame + RxProgram.first(operation);
    return RxProgram.has(operation, RxProgram.IS_6)
        ? ip + Ipv6Header.LENGTH + Ipv6Header.payloadLength(FRAMES, ip)
        : ip + Ipv4Header.totalLength(FRAMES, ip);
  }

  private static boolean isChecksumGood(long operation, long frame) {
    long from = frame + RxProgram.second(operation);
    return InternetChecksum.sum(FRAMES, from, endOf(operation, frame)) == 0xffff;
  }

  /** RFC 768, RFC 8200 §8.1: the sum over pseudo header and datagram is all ones. */
  private static boolean isUdpGood(long operation, long frame) {
    long udp = frame + RxProgram.second(operation);
    if (UdpHeader.checksum(FRAMES, udp) == 0) {
      return RxProgram.has(operation, RxProgram.ZERO_ACCEPTED);
    }
    long end = endOf(operation, frame);
    // The addresses end the IP header, directly in front: one sum over both.
    long addresses = RxProgram.has(operation, RxProgram.IS_6) ? 32 : 8;
    long sum =
        (long) InternetChecksum.sum(FRAMES, udp - addresses, end) + IpProtocol.UDP + (end - udp);
    return InternetChecksum.fold(sum) == 0xffff;
  }
}
