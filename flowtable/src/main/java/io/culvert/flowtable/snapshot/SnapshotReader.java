package io.culvert.flowtable.snapshot;

import io.culvert.flowtable.FlowCounters;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.snapshot.SnapshotError.Impossible;
import io.culvert.flowtable.snapshot.SnapshotError.Incomplete;
import io.culvert.flowtable.snapshot.SnapshotError.NotASnapshot;
import io.culvert.flowtable.snapshot.SnapshotError.UnknownVersion;
import io.culvert.flowtable.snapshot.SnapshotError.WrongChecksum;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpProtocol;
import io.vavr.control.Option;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Checks the bytes of a snapshot, all of them, and reads flows out of bytes that were checked. */
final class SnapshotReader {
  private final ByteBuffer bytes;
  private final int end;
  private final List<String> devices = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private int at = SnapshotFormat.HEADER_LENGTH;
  private long flows;

  SnapshotReader(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
    end = bytes.length - SnapshotFormat.END_LENGTH;
  }

  /** The number of flows, after {@link #check}. */
  long flows() {
    return flows;
  }

  /** What is wrong; none if every byte is as a writer writes it. */
  Option<SnapshotError> check() {
    SnapshotError error = envelope();
    while (error == null && at < end) {
      error = record();
    }
    if (error == null && flows != bytes.getLong(end + 8)) {
      error = new Impossible(end + 8, "flows", bytes.getLong(end + 8), String.valueOf(flows));
    }
    return Option.of(error);
  }

  /** Header and end: version, completeness, checksum. */
  private @Nullable SnapshotError envelope() {
    int length = bytes.limit();
    if (length < SnapshotFormat.HEADER_LENGTH) {
      return new Incomplete(length, "a header of " + SnapshotFormat.HEADER_LENGTH + " bytes");
    }
    if (bytes.getLong(0) != SnapshotFormat.MAGIC) {
      return new NotASnapshot(bytes.getLong(0));
    }
    int version = u16(SnapshotFormat.VERSION_AT);
    if (version != SnapshotFormat.VERSION) {
      return new UnknownVersion(version);
    }
    if (end < SnapshotFormat.HEADER_LENGTH
        || bytes.getLong(end) != (long) SnapshotFormat.END << 56
        || bytes.getLong(end + 16) != length) {
      return new Incomplete(
          length,
          "its last "
              + SnapshotFormat.END_LENGTH
              + " bytes to be an end record that says so: it was cut, or something was appended");
    }
    int checksumAt = length - SnapshotFormat.CHECKSUM_LENGTH;
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.array(), 0, checksumAt);
    int found = bytes.getInt(checksumAt);
    if (found != (int) checksum.getValue()) {
      return new WrongChecksum(checksumAt, found, (int) checksum.getValue());
    }
    return zero(VERSION_END, 6, "header");
  }

  private static final int VERSION_END = SnapshotFormat.VERSION_AT + 2;

  private @Nullable SnapshotError record() {
    int kind = bytes.get(at) & 0xff;
    return switch (kind) {
      case SnapshotFormat.DEVICE -> device();
      case SnapshotFormat.FLOW -> flow();
      default -> new Impossible(at, "kind of record", kind, "1 (device) or 2 (flow)");
    };
  }

  private @Nullable SnapshotError device() {
    if (end - at < SnapshotFormat.DEVICE_LENGTH) {
      return cut(SnapshotFormat.DEVICE_LENGTH);
    }
    int length = u16(at + 2);
    if (length == 0 || length > end - at - SnapshotFormat.DEVICE_LENGTH) {
      return new Impossible(at + 2, "length of a device's name", length, "a name that fits");
    }
    SnapshotError padding = zero(at + 1, 1, "device");
    if (padding != null) {
      return padding;
    }
    int nameAt = at + SnapshotFormat.DEVICE_LENGTH;
    if (devices.size() == SnapshotFormat.MOST_DEVICES) {
      return new Impossible(at, "number of devices", devices.size() + 1L, "65,536 at most");
    }
    try {
      String name =
          StandardCharsets.UTF_8.newDecoder().decode(bytes.slice(nameAt, length)).toString();
      if (!names.add(name)) {
        return new Impossible(nameAt, "device's name", devices.size(), "one that was not there");
      }
      devices.add(name);
    } catch (CharacterCodingException _) {
      return new Impossible(nameAt, "device's name", devices.size(), "UTF-8");
    }
    at = nameAt + length;
    return null;
  }

  private @Nullable SnapshotError flow() {
    int length = flowLength(at);
    if (length > end - at) {
      return cut(length);
    }
    SnapshotError error = fields();
    at += length;
    flows++;
    return error;
  }

  private @Nullable SnapshotError fields() {
    int flags = bytes.get(at + 1) & 0xff;
    int most = bytes.get(at + 2) == IpProtocol.TCP ? 7 : 3;
    if (flags > most) { // nothing but TCP closes
      return new Impossible(at + 1, "flags", flags, "0.." + most);
    }
    int device = u16(at + 4);
    if (device >= devices.size()) {
      return new Impossible(at + 4, "device", device, "less than " + devices.size());
    }
    long timeoutMs = u32(at + 12);
    if (timeoutMs > SnapshotFlow.MAX_TIMEOUT_MS) {
      return new Impossible(at + 12, "idle timeout", timeoutMs, "24 days at most");
    }
    for (int field : new int[] {16, 32, 40, 48, 56}) {
      long value = bytes.getLong(at + field);
      long highest = field == 16 ? SnapshotFlow.MAX_AGE_MS : SnapshotFlow.MAX_COUNT;
      if (value < 0 || value > highest) {
        return new Impossible(at + field, field == 16 ? "age" : "counter", value, "0.." + highest);
      }
    }
    SnapshotError padding = zero(at + 3, 1, "flow");
    padding = padding == null ? zero(at + 10, 2, "flow") : padding;
    return padding == null ? zero(at + 28, 4, "flow") : padding;
  }

  private Incomplete cut(int length) {
    return new Incomplete(end, "a record of " + length + " bytes from " + at);
  }

  private @Nullable SnapshotError zero(int from, int length, String where) {
    for (int i = from; i < from + length; i++) {
      if (bytes.get(i) != 0) {
        return new Impossible(i, "unused byte of a " + where, bytes.get(i) & 0xff, "0");
      }
    }
    return null;
  }

  private int u16(int offset) {
    return bytes.getShort(offset) & 0xffff;
  }

  private long u32(int offset) {
    return bytes.getInt(offset) & 0xffff_ffffL;
  }

  private int addressLength(int flowAt) {
    return (bytes.get(flowAt + 1) & SnapshotFormat.FLAG_IPV6) == 0 ? 4 : 16;
  }

  private int flowLength(int flowAt) {
    boolean hasReply =
        end - flowAt > 1 && (bytes.get(flowAt + 1) & SnapshotFormat.FLAG_REPLY_TUPLE) != 0;
    int addresses = 2 * addressLength(flowAt);
    return SnapshotFormat.ADDRESSES_AT + addresses + (hasReply ? addresses + 4 : 0);
  }

  /** The offset of the first flow from here on, in bytes that were checked; -1 if none is left. */
  int firstFlow(int from) {
    int place = from;
    while (place < end && bytes.get(place) == SnapshotFormat.DEVICE) {
      place += SnapshotFormat.DEVICE_LENGTH + u16(place + 2);
    }
    return place < end ? place : -1;
  }

  /** The offset of the next flow. */
  int nextFlow(int flowAt) {
    return firstFlow(flowAt + flowLength(flowAt));
  }

  /** The flow at an offset. */
  SnapshotFlow read(int flowAt) {
    int addressesAt = flowAt + SnapshotFormat.ADDRESSES_AT;
    FlowTuple tuple = tuple(flowAt, addressesAt, flowAt + 6);
    boolean hasReply = (bytes.get(flowAt + 1) & SnapshotFormat.FLAG_REPLY_TUPLE) != 0;
    int replyAt = addressesAt + 2 * addressLength(flowAt);
    return new SnapshotFlow(
        tuple,
        hasReply ? tuple(flowAt, replyAt, replyAt + 2 * addressLength(flowAt)) : tuple.reversed(),
        devices.get(u16(flowAt + 4)),
        (bytes.get(flowAt + 1) & SnapshotFormat.FLAG_CLOSING) != 0,
        Duration.ofMillis(u32(flowAt + 12)),
        new FlowCounters(
            bytes.getLong(flowAt + 32),
            bytes.getLong(flowAt + 40),
            bytes.getLong(flowAt + 48),
            bytes.getLong(flowAt + 56)),
        bytes.getLong(flowAt + 16),
        u32(flowAt + 24));
  }

  private FlowTuple tuple(int flowAt, int addressesAt, int portsAt) {
    int length = addressLength(flowAt);
    return new FlowTuple(
        address(addressesAt, length),
        address(addressesAt + length, length),
        bytes.get(flowAt + 2) & 0xff,
        u16(portsAt),
        u16(portsAt + 2));
  }

  private IpAddress address(int offset, int length) {
    byte[] address = new byte[length];
    bytes.get(offset, address);
    return IpAddress.of(address);
  }
}
