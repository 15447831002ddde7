package io.culvert.flowtable;

import io.culvert.flowtable.table.RxProgram;
import io.culvert.flowtable.worker.Reason;
import io.culvert.wire.InternetChecksum;
import io.culvert.wire.IpProtocol;
import io.culvert.wire.Ipv4Header;
import io.culvert.wire.Ipv6Header;
import io.culvert.wire.UdpHeader;
import io.culvert.wire.Wire;
import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.control.Option;
import java.lang.foreign.MemorySegment;

/** What a flow's program on receipt makes of one frame, in words. */
final class ReceivedHeaders {
  private final long[] programs;
  private final int number;
  private final MemorySegment frame;

  ReceivedHeaders(long[] programs, int number, MemorySegment frame) {
    this.programs = programs;
    this.number = number;
    this.frame = frame;
  }

  /** The first operation that refuses, and why; none if all are content. */
  Option<Tuple2<Reason, String>> judge(int innerAt) {
    if (number == 0) {
      return Option.none();
    }
    int wanted = RxProgram.headerLength(programs[number]);
    if (innerAt != wanted) {
      return refuse(
          Reason.ENCAP_UNSUPPORTED,
          "headers of " + innerAt + " bytes, the peer's own packets have " + wanted);
    }
    for (int i = 1; i <= RxProgram.size(programs[number]); i++) {
      long operation = programs[number + i];
      if (RxProgram.kind(operation) == RxProgram.BITS) {
        int first = RxProgram.first(operation);
        long mask = programs[number + i + 1];
        long bits = Wire.u64(frame, first) & mask;
        if (bits != programs[number + i + 2]) {
          return refuse(
              Reason.ENCAP_UNSUPPORTED,
              String.format(
                  "the bits 0x%x at %d are 0x%x, the tunnel wants 0x%x",
                  mask, first, bits, programs[number + i + 2]));
        }
        i += 2;
        continue;
      }
      int at = RxProgram.second(operation);
      if (RxProgram.kind(operation) == RxProgram.UDP && !isUdpGood(operation, at)) {
        return refuse(Reason.ENCAP_CHECKSUM, "the UDP checksum at " + at + " is wrong or missing");
      }
      if (RxProgram.kind(operation) == RxProgram.CHECKSUM
          && InternetChecksum.sum(frame, at, endOf(operation)) != 0xffff) {
        return refuse(
            Reason.ENCAP_CHECKSUM, "the checksum over the bytes from " + at + " is wrong");
      }
    }
    return Option.none();
  }

  /** False if the frame has a sequence number that is too old. */
  boolean isExpected(Sequences sequences) {
    for (int i = 1; number != 0 && i <= RxProgram.size(programs[number]); i++) {
      long operation = programs[number + i];
      if (RxProgram.kind(operation) == RxProgram.BITS) {
        i += 2;
      } else if (RxProgram.kind(operation) == RxProgram.SEQUENCE) {
        int received = Wire.u32(frame, RxProgram.first(operation));
        return sequences.store().wouldAccept(RxProgram.second(operation), received);
      }
    }
    return true;
  }

  private static Option<Tuple2<Reason, String>> refuse(Reason reason, String why) {
    return Option.some(Tuple.of(reason, why));
  }

  private long endOf(long operation) {
    long ip = RxProgram.first(operation);
    return RxProgram.has(operation, RxProgram.IS_6)
        ? ip + Ipv6Header.LENGTH + Ipv6Header.payloadLength(frame, ip)
        : ip + Ipv4Header.totalLength(frame, ip);
  }

  private boolean isUdpGood(long operation, long udp) {
    if (UdpHeader.checksum(frame, udp) == 0) {
      return RxProgram.has(operation, RxProgram.ZERO_ACCEPTED);
    }
    long addresses = RxProgram.has(operation, RxProgram.IS_6) ? 32 : 8;
    long end = endOf(operation);
    long sum = InternetChecksum.sum(frame, udp - addresses, end) + IpProtocol.UDP + end - udp;
    return InternetChecksum.fold(sum) == 0xffff;
  }
}
