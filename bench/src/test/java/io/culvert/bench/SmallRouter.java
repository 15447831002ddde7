package io.culvert.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.culvert.testkit.pcap.CaptureWriter;
import io.culvert.wire.InternetChecksum;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** A plain router with two ports, a host behind each, and captures of UDP packets between them. */
final class SmallRouter {
  static final String SCENARIO =
      """
      link set eth0 address 02:00:00:00:00:01 up
      link set eth1 address 02:00:00:00:00:11 up
      addr add 192.0.2.1/24 dev eth0
      addr add 198.51.100.1/24 dev eth1
      neigh add 192.0.2.2 lladdr 02:00:00:00:00:0a dev eth0
      neigh add 198.51.100.2 lladdr 02:00:00:00:00:0b dev eth1
      """;

  private static final HexFormat HEX = HexFormat.of();
  private static final int LEFT = 0xc0000202;
  private static final int RIGHT = 0xc6336402;

  private SmallRouter() {}

  /** Writes the scenario into a folder. */
  static Path scenario(Path folder) throws IOException {
    return Files.writeString(folder.resolve("router.batch"), SCENARIO, US_ASCII);
  }

  /** A UDP frame from the left host, or back. */
  static byte[] frame(boolean fromLeft, int payload) {
    ByteBuffer datagram = ByteBuffer.allocate(8 + payload);
    datagram.putInt(fromLeft ? 1000 << 16 | 53 : 53 << 16 | 1000).putInt((8 + payload) << 16);
    return frame(fromLeft, 17, datagram.array());
  }

  /** A frame with an IPv4 packet of any protocol. */
  static byte[] frame(boolean fromLeft, int protocol, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(14 + 20 + payload.length);
    frame.put(HEX.parseHex(fromLeft ? "020000000001" : "020000000011"));
    frame.put(HEX.parseHex(fromLeft ? "02000000000a" : "02000000000b"));
    frame.putShort((short) 0x0800);
    frame.putInt(0x4500 << 16 | 20 + payload.length).putInt(0).putInt(64 << 24 | protocol << 16);
    frame.putInt(fromLeft ? LEFT : RIGHT).putInt(fromLeft ? RIGHT : LEFT).put(payload);
    int sum = InternetChecksum.sum(MemorySegment.ofArray(frame.array()), 14, 34);
    return frame.putShort(24, (short) InternetChecksum.finish(sum)).array();
  }

  /** A capture of frames from one side at the given microseconds. */
  static Path capture(Path file, boolean fromLeft, long... microseconds) throws IOException {
    return capture(file, frame(fromLeft, 18), microseconds);
  }

  /** A capture of one frame at the given microseconds. */
  static Path capture(Path file, byte[] frame, long... microseconds) throws IOException {
    try (CaptureWriter writer = new CaptureWriter(file)) {
      for (long time : microseconds) {
        writer.write(time * 1000, frame);
      }
    }
    return file;
  }
}
