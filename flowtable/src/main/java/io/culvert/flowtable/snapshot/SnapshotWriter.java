package io.culvert.flowtable.snapshot;

import io.culvert.flowtable.FlowCounters;
import io.culvert.flowtable.FlowTuple;
import io.culvert.wire.IpFamily;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/** Writes a snapshot flow by flow; it is one only after {@link #finish}. */
final class SnapshotWriter {
  private static final int BUFFER_LENGTH = 1 << 16;

  /** The longest record without its name: a translated IPv6 flow. */
  private static final int MOST_RECORD = SnapshotFormat.ADDRESSES_AT + 4 * 16 + 4;

  private final OutputStream out;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_LENGTH);
  private final CRC32C checksum = new CRC32C();
  private final Map<String, Integer> devices = new HashMap<>();
  private long written;
  private long flows;

  SnapshotWriter(OutputStream out) {
    this.out = out;
    buffer.putLong(SnapshotFormat.MAGIC).putShort((short) SnapshotFormat.VERSION);
    buffer.putShort((short) 0).putInt(0);
  }

  void add(SnapshotFlow flow) throws IOException {
    int device = device(flow.device());
    room(MOST_RECORD);
    FlowTuple tuple = flow.tuple();
    boolean isTranslated = !flow.replyTuple().equals(tuple.reversed());
    int flags =
        (tuple.family() == IpFamily.V6 ? SnapshotFormat.FLAG_IPV6 : 0)
            | (isTranslated ? SnapshotFormat.FLAG_REPLY_TUPLE : 0)
            | (flow.isClosing() ? SnapshotFormat.FLAG_CLOSING : 0);
    FlowCounters counters = flow.counters();
    buffer
        .put((byte) SnapshotFormat.FLOW)
        .put((byte) flags)
        .put((byte) tuple.protocol())
        .put((byte) 0)
        .putShort((short) device)
        .putShort((short) tuple.sourcePort())
        .putShort((short) tuple.destinationPort())
        .putShort((short) 0)
        .putInt((int) flow.idleTimeout().toMillis())
        .putLong(flow.ageMs())
        .putInt((int) flow.idleMs())
        .putInt(0)
        .putLong(counters.originalPackets())
        .putLong(counters.originalBytes())
        .putLong(counters.replyPackets())
        .putLong(counters.replyBytes());
    buffer.put(tuple.source().bytes()).put(tuple.destination().bytes());
    if (isTranslated) {
      FlowTuple reply = flow.replyTuple();
      buffer.put(reply.source().bytes()).put(reply.destination().bytes());
      buffer.putShort((short) reply.sourcePort()).putShort((short) reply.destinationPort());
    }
    flows++;
  }

  /** The device's number; a name that is new is written first. */
  private int device(String name) throws IOException {
    Integer known = devices.get(name);
    if (known != null) {
      return known;
    }
    int number = devices.size();
    if (number == SnapshotFormat.MOST_DEVICES) {
      throw new IllegalArgumentException("snapshot: devices=" + (number + 1));
    }
    byte[] utf8 = SnapshotFlow.utf8(name);
    room(SnapshotFormat.DEVICE_LENGTH);
    buffer.put((byte) SnapshotFormat.DEVICE).put((byte) 0).putShort((short) utf8.length);
    flush();
    emit(utf8, utf8.length);
    devices.put(name, number);
    return number;
  }

  /**
   * Writes the end.
   *
   * @return the number of flows
   */
  long finish() throws IOException {
    room(SnapshotFormat.END_LENGTH);
    long length = written + buffer.position() + SnapshotFormat.END_LENGTH;
    buffer.put((byte) SnapshotFormat.END).put(new byte[7]).putLong(flows).putLong(length);
    flush();
    buffer.putInt((int) checksum.getValue());
    flush();
    out.flush();
    return flows;
  }

  private void room(int length) throws IOException {
    if (buffer.remaining() < length) {
      flush();
    }
  }

  private void flush() throws IOException {
    emit(buffer.array(), buffer.position());
    buffer.clear();
  }

  private void emit(byte[] bytes, int length) throws IOException {
    checksum.update(bytes, 0, length);
    out.write(bytes, 0, length);
    written += length;
  }
}
