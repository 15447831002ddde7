package org.example.geneve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.culvert.spi.EncapKey;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the laws do not know of: headers of several lengths. */
class GeneveOptionsTest {
  private static final String FRAME = "020000000021 020000000022 0800 45";

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "00, '', 8",
    "01, 00010100, 12",
    "02, 00010101 01020304, 16",
    "03, 00010100 01027f01 01020304, 20",
    "3e, 0001001e *30 0002001e *30, 256",
    "01, 0001011f, MALFORMED", // longer than all options
    "02, 00010100 0002011f, MALFORMED",
    "01, 00018100, MALFORMED", // critical, and C does not tell
    "02, 00010100 00018000, MALFORMED",
    "3f, 00010100, TRUNCATED"
  })
  void shouldSkipOptions(String length, String options, String wanted) {
    String words = options.replace("*30", "00000000".repeat(30));
    long match = match(length + "00655800006400" + words + FRAME);
    String got =
        Match.isHit(match) ? String.valueOf(Match.shimLength(match)) : Match.describe(match);
    assertEquals(wanted, got);
    if (Match.isHit(match)) {
      assertEquals(InnerType.ETHERNET, Match.innerType(match));
    }
  }

  private static long match(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    MemorySegment memory = MemorySegment.ofArray(bytes);
    return GeneveEncap.INSTANCE.match(memory, 0, bytes.length, new EncapKey());
  }
}
