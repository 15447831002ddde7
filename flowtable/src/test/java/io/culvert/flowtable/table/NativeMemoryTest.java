package io.culvert.flowtable.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory that comes when it is used, and a JVM that may not ask the system for it. */
class NativeMemoryTest {
  private static final long BYTES = 10L << 30; // more than a small machine has

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldBeZeroAndTakeNoMemoryUntilItIsUsed(boolean huge) {
    NativeMemory source = NativeMemory.reserved(huge);
    MemorySegment memory = source.allocate(BYTES);
    assertThat(memory.byteSize()).isEqualTo(BYTES);
    assertThat(memory.address() % 64).isZero();
    for (long at : new long[] {0, BYTES / 2, BYTES - 8}) {
      assertThat(memory.get(FlowStore.LONG, at)).isZero();
      memory.set(FlowStore.LONG, at, -1);
      assertThat(memory.get(FlowStore.LONG, at)).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldGiveAPartBackAsZeros(boolean huge) {
    NativeMemory source = NativeMemory.reserved(huge);
    long granule = source.granule();
    MemorySegment memory = source.allocate(3 * granule);
    memory.fill((byte) 7);
    source.release(memory, granule, granule);
    assertThat(memory.asSlice(0, granule).mismatch(memory.asSlice(2 * granule))).isEqualTo(-1);
    assertThat(memory.get(FlowStore.BYTE, 0)).isEqualTo((byte) 7);
    assertThat(
            memory
                .asSlice(granule, granule)
                .mismatch(MemorySegment.ofArray(new byte[(int) granule])))
        .isEqualTo(-1);
  }

  /** A program of its own, started without the option. */
  @Test
  void shouldSayWhatIsMissingWithoutNativeAccess() throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            where(NativeMemory.class) + java.io.File.pathSeparator + where(NativeMemoryTest.class),
            "io.culvert.flowtable.table.NativeMemoryTest$Program");
    Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(program.waitFor()).isZero();
    assertThat(out.strip())
        .isEqualTo(
            "flow table: a table that grows or has huge pages needs native access,"
                + " run java with --enable-native-access=ALL-UNNAMED");
  }

  private static String where(Class<?> type) {
    return Path.of(
            java.net.URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  /** Asks for it. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      try {
        NativeMemory.reserved(false);
        System.out.println("got it");
      } catch (UnsupportedOperationException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
