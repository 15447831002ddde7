package io.culvert.testkit.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureReaderTest {
  private static final CaptureFrame FRAME =
      new CaptureFrame(1, 12_000_034_000L, CaptureFrame.ETHERNET, new byte[] {1, 2, 3}, 3);

  private static void read(byte[] file) {
    try (CaptureReader reader = CaptureReader.of("a.pcap", new ByteArrayInputStream(file))) {
      reader.rest();
    }
  }

  private static byte[] classic() {
    return CaptureForge.classic(ByteOrder.LITTLE_ENDIAN, false, List.of(FRAME));
  }

  @Test
  void shouldNameFileOffsetAndExpectationOfATruncation() {
    byte[] file = java.util.Arrays.copyOf(classic(), 42);
    assertThatThrownBy(() -> read(file))
        .hasMessage("a.pcap: byte 42: the file ends after 2 bytes of a frame; expected 3 bytes");
  }

  @Test
  void shouldRefuseAnEmptyFile() {
    assertThatThrownBy(() -> read(new byte[0]))
        .hasMessageContaining("byte 0: the file ends after 0 bytes of the magic number");
  }

  @Test
  void shouldRefuseAnotherMagicNumber() {
    assertThatThrownBy(() -> read(new byte[] {1, 2, 3, 4, 5}))
        .hasMessageContaining("magic number 01020304")
        .hasMessageContaining("expected a pcap or pcapng file");
  }

  @Test
  void shouldRefuseAnAbsurdLengthBeforeReadingIt() {
    byte[] file = classic();
    file[24 + 8 + 3] = 0x7f;
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("byte 32: a frame of 2130706435 bytes; expected 0..262144");
  }

  @Test
  void shouldRefuseABlockWhoseLengthsDiffer() {
    byte[] file = CaptureForge.blocks(ByteOrder.LITTLE_ENDIAN, (byte) 6, 6, List.of(FRAME));
    file[file.length - 4] ^= 4;
    assertThatThrownBy(() -> read(file)).hasMessageContaining("a trailing block length of");
  }

  @Test
  void shouldRefuseAPacketOfAnUndescribedInterface() {
    byte[] file = CaptureForge.blocks(ByteOrder.LITTLE_ENDIAN, (byte) 6, 6, List.of(FRAME));
    file[file.length - 4 - 4 - 20] = 7;
    assertThatThrownBy(() -> read(file)).hasMessageContaining("a packet of interface 7");
  }

  @Test
  void shouldExposeTheLinkTypeAndRefuseItWhereEthernetIsWanted(@TempDir Path folder)
      throws IOException {
    byte[] file = classic();
    file[20] = 101;
    Path path = folder.resolve("raw.pcap");
    Files.write(path, file);
    try (CaptureReader reader = CaptureReader.open(path)) {
      assertThat(reader.next().get().linkType()).isEqualTo(101);
    }
    try (CaptureReader reader = CaptureReader.openEthernet(path)) {
      assertThatThrownBy(reader::next)
          .isInstanceOf(CaptureException.class)
          .hasMessageContaining("a frame of link type 101; expected link type 1 (Ethernet)");
    }
  }

  @Test
  void shouldSayWhichFileCannotBeRead(@TempDir Path folder) {
    Path missing = folder.resolve("missing.pcap");
    assertThatThrownBy(() -> CaptureReader.open(missing))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot read " + missing);
  }

  @Test
  void shouldSayThatACompressedFileIsDamaged() {
    byte[] file = CaptureForge.gzip(classic());
    file[file.length / 2] ^= 0x55;
    assertThatThrownBy(() -> read(file)).isInstanceOf(CaptureException.class);
  }
}
