package io.culvert.flowtable.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.flowtable.FlowCounters;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.snapshot.SnapshotError.Impossible;
import io.culvert.flowtable.snapshot.SnapshotError.Incomplete;
import io.culvert.flowtable.snapshot.SnapshotError.NotASnapshot;
import io.culvert.flowtable.snapshot.SnapshotError.UnknownVersion;
import io.culvert.flowtable.snapshot.SnapshotError.WrongChecksum;
import io.culvert.wire.IpAddress;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.vavr.control.Either;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What is written is read, and nothing else is: no prefix, no flipped bit, no impossible field. */
class SnapshotProperties {
  private static final int HEADER = 16;
  private static final int END = 28;

  private static IpAddress address(long high, long low, boolean isV6) {
    return isV6 ? new Ipv6Address(high, low) : new Ipv4Address((int) low);
  }

  @Provide
  Arbitrary<SnapshotFlow> flows() {
    Arbitrary<Long> words = Arbitraries.longs();
    Arbitrary<Integer> ports = Arbitraries.integers().between(0, 65535);
    Arbitrary<FlowTuple> tuples =
        Combinators.combine(
                words,
                words,
                words,
                words,
                ports,
                ports,
                Arbitraries.oneOf(Arbitraries.just(6), Arbitraries.integers().between(0, 255)))
            .as((a, b, c, d, from, to, protocol) -> {
              boolean isV6 = (a & 1) != 0;
              return new FlowTuple(address(a, b, isV6), address(c, d, isV6), protocol, from, to);
            });
    Arbitrary<Long> counts = Arbitraries.longs().between(0, 1L << 62);
    Arbitrary<FlowCounters> counters =
        Combinators.combine(counts, counts, counts, counts).as(FlowCounters::new);
    Arbitrary<String> names =
        Arbitraries.of("eth0", "eth1", "tun-ü", "\ud83d\ude00", "x".repeat(65535), "ppp0");
    return Combinators.combine(
            tuples,
            words,
            names,
            Arbitraries.longs().between(0, 24L * 86_400_000),
            counters,
            Arbitraries.longs().between(0, 1L << 53),
            Arbitraries.longs().between(0, 0xffff_ffffL))
        .as((tuple, other, name, timeout, all, age, idle) ->
            new SnapshotFlow(
                tuple,
                reply(tuple, other),
                name,
                tuple.protocol() == 6 && (other & 2) != 0,
                Duration.ofMillis(timeout),
                all,
                age,
                idle));
  }

  /** Half of them translated: other address, other ports. */
  private static FlowTuple reply(FlowTuple tuple, long other) {
    if ((other & 1) == 0) {
      return tuple.reversed();
    }
    IpAddress to = address(other, other >>> 8, tuple.source() instanceof Ipv6Address);
    return new FlowTuple(
        tuple.destination(),
        to,
        tuple.protocol(),
        (int) (other >>> 16 & 0xffff),
        tuple.sourcePort());
  }

  private static byte[] written(List<SnapshotFlow> flows) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SnapshotWriter writer = new SnapshotWriter(out);
    try {
      for (SnapshotFlow flow : flows) {
        writer.add(flow);
      }
      assertThat(writer.finish()).isEqualTo(flows.size());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  private static Either<SnapshotError, Snapshot> read(byte[] bytes) {
    try {
      return Snapshot.read(new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static SnapshotError refused(byte[] bytes) {
    SnapshotError error = read(bytes).getLeft();
    assertThat(error.message()).isNotBlank();
    return error;
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void shouldReadWhatWasWritten(
      @ForAll @Size(max = 30) List<@net.jqwik.api.From("flows") SnapshotFlow> flows) {
    Snapshot snapshot = read(written(flows)).get();
    assertThat(snapshot.flows()).containsExactlyElementsOf(flows);
    assertThat(snapshot.size()).isEqualTo(flows.size());
  }

  private static SnapshotFlow plain() {
    FlowTuple tuple =
        new FlowTuple(new Ipv4Address(0x0a010002), new Ipv4Address(0x0a020002), 17, 1000, 2000);
    return new SnapshotFlow(
        tuple,
        tuple.reversed(),
        "eth0",
        false,
        Duration.ofSeconds(30),
        new FlowCounters(1, 38, 2, 76),
        11_250,
        1_250);
  }

  private static SnapshotFlow translated() {
    FlowTuple tuple = new FlowTuple(new Ipv6Address(1, 2), new Ipv6Address(3, 4), 6, 5, 6);
    FlowTuple reply = new FlowTuple(new Ipv6Address(3, 4), new Ipv6Address(7, 8), 6, 6, 9);
    return new SnapshotFlow(
        tuple, reply, "tun0", true, Duration.ZERO, new FlowCounters(3, 4, 5, 6), 7, 8);
  }

  private static final List<SnapshotFlow> THREE = List.of(plain(), translated(), plain());

  /** Byte by byte as docs/snapshot.md has it. */
  @Example
  void shouldHaveTheDocumentedLayout() {
    ByteBuffer expected = ByteBuffer.allocate(1000);
    expected.put((byte) 0x89).put("CULVERT".getBytes(StandardCharsets.US_ASCII));
    expected.putShort((short) 2).put(new byte[6]);
    device(expected, "eth0");
    ByteBuffer plain = ByteBuffer.allocate(72);
    plain.put((byte) 2).put((byte) 0).put((byte) 17).put((byte) 0);
    plain.putShort((short) 0).putShort((short) 1000).putShort((short) 2000).putShort((short) 0);
    plain.putInt(30_000).putLong(11_250).putInt(1_250).putInt(0);
    plain.putLong(1).putLong(38).putLong(2).putLong(76).putInt(0x0a010002).putInt(0x0a020002);
    expected.put(plain.array());
    device(expected, "tun0");
    expected.put((byte) 2).put((byte) 7).put((byte) 6).put((byte) 0);
    expected.putShort((short) 1).putShort((short) 5).putShort((short) 6).putShort((short) 0);
    expected.putInt(0).putLong(7).putInt(8).putInt(0);
    expected.putLong(3).putLong(4).putLong(5).putLong(6);
    expected.putLong(1).putLong(2).putLong(3).putLong(4);
    expected.putLong(3).putLong(4).putLong(7).putLong(8).putShort((short) 6).putShort((short) 9);
    expected.put(plain.array());
    expected.put((byte) 255).put(new byte[7]).putLong(3).putLong(expected.position() + 12);
    CRC32C crc = new CRC32C();
    crc.update(expected.array(), 0, expected.position());
    expected.putInt((int) crc.getValue());
    assertThat(written(THREE)).isEqualTo(Arrays.copyOf(expected.array(), expected.position()));
  }

  private static void device(ByteBuffer to, String name) {
    to.put((byte) 1).put((byte) 0).putShort((short) name.length());
    to.put(name.getBytes(StandardCharsets.US_ASCII));
  }

  @Example
  void shouldRefuseEveryPrefix() {
    for (List<SnapshotFlow> flows : List.of(List.<SnapshotFlow>of(), THREE)) {
      byte[] whole = written(flows);
      for (int length = 0; length < whole.length; length++) {
        assertThat(refused(Arrays.copyOf(whole, length)))
            .as("%d of %d bytes", length, whole.length)
            .isInstanceOf(Incomplete.class);
      }
    }
  }

  @Example
  void shouldRefuseEveryFlippedBit() {
    byte[] whole = written(THREE);
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      SnapshotError error = refused(flipped);
      int at = bit / 8;
      Class<?> expected =
          at < 8
              ? NotASnapshot.class
              : at < 10
                  ? UnknownVersion.class
                  : isInside(at, whole.length) ? WrongChecksum.class : Incomplete.class;
      assertThat(error).as("bit %d of byte %d", bit % 8, at).isInstanceOf(expected);
    }
  }

  /** Not the marks by which the end record is known: its kind, its zeros, the length. */
  private static boolean isInside(int at, int length) {
    int inEnd = at - (length - END);
    return inEnd < 0 || (inEnd >= 8 && inEnd < 16) || inEnd >= 24;
  }

  @Property(tries = 100)
  void shouldRefuseWhatHasSomethingBehindItsEnd(@ForAll @Size(min = 1, max = 60) byte[] more) {
    byte[] whole = written(THREE);
    byte[] longer = Arrays.copyOf(whole, whole.length + more.length);
    System.arraycopy(more, 0, longer, whole.length, more.length);
    assertThat(refused(longer)).isInstanceOf(Incomplete.class);
    // Two in one file are none.
    byte[] twice = Arrays.copyOf(whole, 2 * whole.length);
    System.arraycopy(whole, 0, twice, whole.length, whole.length);
    assertThat(refused(twice)).isInstanceOf(Incomplete.class);
  }

  /** Sets the length and the checksum right again. */
  private static byte[] sealed(byte[] forged) {
    ByteBuffer bytes = ByteBuffer.wrap(forged);
    bytes.putLong(forged.length - 12, forged.length);
    CRC32C crc = new CRC32C();
    crc.update(forged, 0, forged.length - 4);
    bytes.putInt(forged.length - 4, (int) crc.getValue());
    return forged;
  }

  @Example
  void shouldRefuseOtherVersionsAlsoIfAllElseIsRight() {
    for (int version : new int[] {0, 1, 3, 256, 65535}) {
      byte[] other = written(THREE);
      ByteBuffer.wrap(other).putShort(8, (short) version);
      assertThat(refused(sealed(other))).isEqualTo(new UnknownVersion(version));
    }
    assertThat(new UnknownVersion(1).message()).isEqualTo("at 8: version 1; expected 2");
  }

  private static Impossible forged(int at, int value, int length) {
    byte[] bytes = written(List.of(plain()));
    for (int n = 0; n < length; n++) {
      bytes[at + n] = (byte) (value >> (8 * Math.min(3, length - 1 - n)));
    }
    SnapshotError error = refused(sealed(bytes));
    assertThat(error).as("byte %d", at).isInstanceOf(Impossible.class);
    return (Impossible) error;
  }

  /** Right checksum, wrong fields: each is named with its place. */
  @Example
  void shouldRefuseFieldsThatNobodyWrites() {
    int device = HEADER;
    int flow = device + 8;
    int end = flow + 72;
    for (int at = 10; at < 16; at++) {
      assertThat(forged(at, 1, 1)).isEqualTo(new Impossible(at, "unused byte of a header", 1, "0"));
    }
    assertThat(forged(device, 7, 1))
        .isEqualTo(new Impossible(device, "kind of record", 7, "1 (device) or 2 (flow)"));
    assertThat(forged(device + 1, 1, 1).field()).isEqualTo("unused byte of a device");
    assertThat(forged(device + 2, 0, 2).field()).isEqualTo("length of a device's name");
    assertThat(forged(device + 2, 0xffff, 2).field()).isEqualTo("length of a device's name");
    assertThat(forged(device + 4, 0xff, 1))
        .isEqualTo(new Impossible(device + 4, "device's name", 0, "UTF-8"));
    assertThat(forged(flow, 3, 1).at()).isEqualTo(flow);
    assertThat(forged(flow + 1, 4, 1)).isEqualTo(new Impossible(flow + 1, "flags", 4, "0..3"));
    assertThat(forged(flow + 1, 8, 1)).isEqualTo(new Impossible(flow + 1, "flags", 8, "0..3"));
    assertThat(forged(flow + 1, 0x0c06, 2)) // TCP
        .isEqualTo(new Impossible(flow + 1, "flags", 12, "0..7"));
    assertThat(forged(flow + 4, 1, 2))
        .isEqualTo(new Impossible(flow + 4, "device", 1, "less than 1"));
    assertThat(forged(flow + 12, -1, 4).field()).isEqualTo("idle timeout");
    assertThat(forged(flow + 16, -1, 8))
        .isEqualTo(new Impossible(flow + 16, "age", -1, "0..9007199254740992"));
    for (int counter = 32; counter < 64; counter += 8) {
      assertThat(forged(flow + counter, -1, 8).at()).isEqualTo(flow + counter);
    }
    for (int unused : new int[] {3, 10, 11, 28, 29, 30, 31}) {
      assertThat(forged(flow + unused, 1, 1).at()).isEqualTo(flow + unused);
    }
    assertThat(forged(end + 8, 2, 8)).isEqualTo(new Impossible(end + 8, "flows", 2, "1"));
    // IPv6 addresses that are not there.
    byte[] cut = written(List.of(plain()));
    cut[flow + 1] = 1;
    assertThat(refused(sealed(cut)))
        .isEqualTo(new Incomplete(end, "a record of 96 bytes from " + flow));
  }

  @Example
  void shouldRefuseADeviceThatIsThereTwice() {
    byte[] whole = written(List.of(plain()));
    byte[] twice = new byte[whole.length + 8];
    System.arraycopy(whole, 0, twice, 0, HEADER + 8);
    System.arraycopy(whole, HEADER, twice, HEADER + 8, whole.length - HEADER);
    assertThat(refused(sealed(twice)))
        .isEqualTo(new Impossible(HEADER + 12, "device's name", 1, "one that was not there"));
  }

  /** Whatever somebody put together: a refusal, or flows that can all be read. */
  @Property(tries = 2000)
  void shouldNeverThrowWhateverTheBytes(
      @ForAll @IntRange(min = HEADER, max = 340) int at,
      @ForAll @Size(max = 8) byte[] change,
      @ForAll @IntRange(min = 0, max = 40) int cut,
      @ForAll boolean isSealed) {
    byte[] whole = written(THREE);
    byte[] bytes = new byte[whole.length - cut];
    // Bytes are missing in the middle; the end record stays.
    int middle = Math.min(at, whole.length - END - cut);
    System.arraycopy(whole, 0, bytes, 0, middle);
    System.arraycopy(whole, middle + cut, bytes, middle, bytes.length - middle);
    for (int n = 0; n < change.length && at + n < bytes.length; n++) {
      bytes[at + n] ^= change[n];
    }
    Either<SnapshotError, Snapshot> result = read(isSealed ? sealed(bytes) : bytes);
    if (result.isRight()) {
      assertThat(result.get().flows().count()).isEqualTo(result.get().size());
    } else {
      assertThat(result.getLeft().message()).isNotBlank();
    }
  }

  @Property
  void shouldTakeNoBytesAtRandom(@ForAll byte[] bytes) {
    assertThat(read(bytes).isLeft()).isTrue();
  }

  @Example
  void shouldWriteManyFlowsInOneStream() {
    List<SnapshotFlow> many = new ArrayList<>();
    for (int n = 0; n < 5000; n++) {
      many.add(n % 3 == 0 ? translated() : plain());
    }
    assertThat(read(written(many)).get().flows()).containsExactlyElementsOf(many);
  }

  @Example
  void shouldTakeNoValuesThatDoNotFit() {
    SnapshotFlow plain = plain();
    assertThatThrownBy(() -> named("")).hasMessage("snapshot flow: device=0");
    assertThatThrownBy(() -> named("é".repeat(32768))).hasMessage("snapshot flow: device=65536");
    assertThatThrownBy(() -> named("\ud83d")).hasMessageStartingWith("snapshot flow: device=");
    assertThatThrownBy(() ->
            new SnapshotFlow(
                plain.tuple(),
                plain.replyTuple(),
                "eth0",
                false,
                Duration.ofDays(25),
                plain.counters(),
                0,
                0))
        .hasMessage("snapshot flow: idleTimeout=2160000000");
  }

  private static SnapshotFlow named(String device) {
    SnapshotFlow plain = plain();
    return new SnapshotFlow(
        plain.tuple(),
        plain.replyTuple(),
        device,
        false,
        plain.idleTimeout(),
        plain.counters(),
        plain.ageMs(),
        plain.idleMs());
  }
}
