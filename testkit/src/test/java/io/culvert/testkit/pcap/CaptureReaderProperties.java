package io.culvert.testkit.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Every form of capture gives back its frames, and no shortened one is taken for whole. */
class CaptureReaderProperties {
  /** Seconds that classic captures can say. */
  private static final long CLASSIC_SECONDS = 0xffffffffL;

  @Provide
  Arbitrary<List<CaptureFrame>> frames() {
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(90);
    Arbitrary<Long> seconds = Arbitraries.longs().between(0, CLASSIC_SECONDS);
    Arbitrary<Integer> microseconds = Arbitraries.integers().between(0, 999_999);
    return Combinators.combine(bytes, seconds, microseconds, Arbitraries.integers().between(0, 9))
        .as((b, s, us, more) -> frame(0, s * 1_000_000_000L + us * 1000L, b, b.length + more))
        .list()
        .ofMaxSize(5)
        .map(CaptureReaderProperties::numbered);
  }

  @Provide
  Arbitrary<ByteOrder> orders() {
    return Arbitraries.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN);
  }

  private static CaptureFrame frame(int number, long ns, byte[] bytes, long originalLength) {
    return new CaptureFrame(number, ns, CaptureFrame.ETHERNET, bytes, originalLength);
  }

  private static List<CaptureFrame> numbered(List<CaptureFrame> frames) {
    List<CaptureFrame> numbered = new ArrayList<>();
    for (CaptureFrame f : frames) {
      numbered.add(frame(numbered.size() + 1, f.timestampNs(), f.data(), f.originalLength()));
    }
    return numbered;
  }

  private static List<CaptureFrame> read(byte[] file) {
    try (CaptureReader reader = CaptureReader.of("test", new ByteArrayInputStream(file))) {
      return reader.rest().asJava();
    }
  }

  @Property(tries = 200)
  void shouldReadClassicInBothResolutionsAndOrders(
      @ForAll("frames") List<CaptureFrame> frames,
      @ForAll("orders") ByteOrder order,
      @ForAll boolean nanoseconds,
      @ForAll boolean gzip) {
    byte[] file = CaptureForge.classic(order, nanoseconds, frames);
    assertThat(read(gzip ? CaptureForge.gzip(file) : file)).isEqualTo(frames);
  }

  @Property(tries = 200)
  void shouldReadBlocksInAnyResolutionThatHoldsTheTime(
      @ForAll("frames") List<CaptureFrame> frames,
      @ForAll("orders") ByteOrder order,
      @ForAll("resolutions") byte resolution,
      @ForAll boolean obsolete,
      @ForAll boolean gzip) {
    byte[] file = CaptureForge.blocks(order, resolution, obsolete ? 2 : 6, frames);
    assertThat(read(gzip ? CaptureForge.gzip(file) : file)).isEqualTo(frames);
  }

  @Provide
  Arbitrary<Byte> resolutions() {
    return Arbitraries.of((byte) 6, (byte) 9, (byte) (0x80 | 30));
  }

  @Property(tries = 100)
  void shouldReadSimplePacketsWithoutTime(
      @ForAll("frames") List<CaptureFrame> frames, @ForAll("orders") ByteOrder order) {
    List<CaptureFrame> timeless = new ArrayList<>();
    for (CaptureFrame f : frames) {
      timeless.add(frame(f.number(), 0, f.data(), f.data().length));
    }
    assertThat(read(CaptureForge.simpleBlocks(order, timeless))).isEqualTo(timeless);
  }

  @Property(tries = 100)
  void shouldReadWhatTheWriterWrote(@ForAll("frames") List<CaptureFrame> frames)
      throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    List<CaptureFrame> whole = new ArrayList<>();
    try (CaptureWriter writer = new CaptureWriter(file)) {
      for (CaptureFrame f : frames) {
        assertThat(writer.write(f.timestampNs() + 999, f.data())).isEqualTo(f.number());
        whole.add(frame(f.number(), f.timestampNs(), f.data(), f.data().length));
      }
    }
    assertThat(read(file.toByteArray())).isEqualTo(whole);
    assertThat(Arrays.copyOf(file.toByteArray(), 24))
        .containsExactly(
            0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0);
  }

  @Property(tries = 60)
  void shouldRefuseEveryTruncation(
      @ForAll("frames") List<CaptureFrame> frames,
      @ForAll("orders") ByteOrder order,
      @ForAll boolean blocks,
      @ForAll boolean gzip) {
    byte[] plain =
        blocks
            ? CaptureForge.blocks(order, (byte) 6, 6, frames)
            : CaptureForge.classic(order, false, frames);
    byte[] file = gzip ? CaptureForge.gzip(plain) : plain;
    for (int length = 0; length < file.length; length++) {
      byte[] shorter = Arrays.copyOf(file, length);
      boolean endsBetweenRecords = !gzip && isWhole(shorter, frames);
      if (!endsBetweenRecords) {
        assertThatThrownBy(() -> read(shorter))
            .isInstanceOf(CaptureException.class)
            .hasMessageMatching("test: byte \\d+: .+; expected .+");
      }
    }
  }

  /** A file that ends exactly behind a record is a shorter capture. */
  private static boolean isWhole(byte[] file, List<CaptureFrame> frames) {
    try {
      List<CaptureFrame> found = read(file);
      assertThat(found).isEqualTo(frames.subList(0, found.size()));
      return true;
    } catch (CaptureException _) {
      return false;
    }
  }

  @Property(tries = 2000)
  void shouldTurnAnyBytesIntoFramesOrOneMistake(
      @ForAll byte[] bytes, @ForAll("heads") byte[] head) {
    byte[] file = Arrays.copyOf(head, head.length + bytes.length);
    System.arraycopy(bytes, 0, file, head.length, bytes.length);
    try {
      read(file);
    } catch (CaptureException e) {
      assertThat(e.offset()).isBetween(0L, (long) file.length);
    }
  }

  @Provide
  Arbitrary<byte[]> heads() {
    byte[] classic = CaptureForge.classic(ByteOrder.LITTLE_ENDIAN, false, List.of());
    byte[] blocks = CaptureForge.blocks(ByteOrder.BIG_ENDIAN, (byte) 6, 6, List.of());
    return Arbitraries.of(new byte[0], classic, blocks, Arrays.copyOf(blocks, 28));
  }
}
