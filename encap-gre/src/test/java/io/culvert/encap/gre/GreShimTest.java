package io.culvert.encap.gre;

import static io.culvert.encap.gre.GreFixture.PROVIDER;
import static io.culvert.encap.gre.GreFixture.tuple;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.Direction;
import io.culvert.spi.EncapError;
import io.culvert.spi.InnerType;
import io.culvert.spi.Patch;
import io.culvert.spi.RxCheck;
import io.culvert.spi.Shim;
import io.vavr.collection.List;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes of a header, and what of it depends on the packet. */
class GreShimTest {
  private static final String ENDS = " local 192.168.1.1 remote 192.168.1.2 ";

  private static Shim shim(String device, InnerType inner, Direction direction) {
    return PROVIDER.shim(tuple(device, inner, direction), inner).get();
  }

  private static String hex(Shim shim) {
    return HexFormat.of().formatHex(shim.bytes());
  }

  /** By hand from the pictures of RFC 2784 §2 and RFC 2890 §2. */
  @ParameterizedTest
  @CsvSource({
    "'', 00000800",
    "csum, 8000080000000000",
    "key 258, 2000080000000102",
    "key 0, 2000080000000000",
    "key 4294967295, 20000800ffffffff",
    "seq, 1000080000000000",
    "csum key 0x80000000, a00008000000000080000000",
    "csum seq, 900008000000000000000000",
    "key 1 seq, 300008000000000100000000",
    "csum key 1 seq, b0000800000000000000000100000000"
  })
  void shouldWriteTheFieldsInTheirOrder(String words, String header) {
    String device = ("gre" + ENDS + words).strip();
    assertThat(hex(shim(device, InnerType.IPV4, Direction.TRANSMIT))).isEqualTo(header);
  }

  @Test
  void shouldWriteTheProtocolTypeOfWhatIsCarried() {
    assertThat(hex(shim("gre" + ENDS + "key 1", InnerType.IPV6, Direction.TRANSMIT)))
        .isEqualTo("200086dd00000001");
    assertThat(hex(shim("gretap" + ENDS + "key 1", InnerType.ETHERNET, Direction.TRANSMIT)))
        .isEqualTo("2000655800000001");
  }

  @Test
  void shouldPatchAndCheckTheChecksumOverHeaderAndPayload() {
    Shim shim = shim("gre" + ENDS + "csum", InnerType.IPV4, Direction.TRANSMIT);
    assertThat(shim.patches()).containsExactly(new Patch.Checksum(4, 0));
    assertThat(shim.checks()).containsExactly(new RxCheck.Checksum(0));
  }

  @ParameterizedTest
  @CsvSource({"seq, 4", "key 1 seq, 8", "csum seq, 8", "csum key 1 seq, 12"})
  void shouldPatchAndCheckTheSequenceNumberInTheLastField(String words, int at) {
    Shim shim = shim("gre" + ENDS + words, InnerType.IPV6, Direction.TRANSMIT);
    assertThat(shim.patches().last()).isEqualTo(new Patch.Sequence(at));
    assertThat(shim.checks().last()).isEqualTo(new RxCheck.Sequence(at));
    assertThat(shim.length()).isEqualTo(at + 4);
  }

  @Test
  void shouldNeitherPatchNorCheckAPlainHeader() {
    Shim shim = shim("gretap" + ENDS + "key 5", InnerType.ETHERNET, Direction.RECEIVE);
    assertThat(shim.patches()).isEmpty();
    assertThat(shim.checks()).isEmpty();
  }

  /**
   * Each direction has its own fields: the length of what comes in, and the bytes of what goes out.
   */
  @Test
  void shouldGiveEachDirectionItsOwnHeader() {
    String device = "gre" + ENDS + "ikey 1 ocsum oseq";
    Shim out = shim(device, InnerType.IPV4, Direction.TRANSMIT);
    Shim in = shim(device, InnerType.IPV4, Direction.RECEIVE);
    assertThat(hex(out)).isEqualTo("900008000000000000000000");
    assertThat(out.patches()).isEqualTo(List.of(new Patch.Checksum(4, 0), new Patch.Sequence(8)));
    assertThat(hex(in)).isEqualTo("2000080000000001");
    assertThat(in.checks()).isEmpty();
  }

  @Test
  void shouldRefuseWhatTheDeviceDoesNotCarry() {
    var frames = tuple("gretap" + ENDS.stripTrailing(), InnerType.ETHERNET, Direction.TRANSMIT);
    var packets = tuple("gre" + ENDS.stripTrailing(), InnerType.IPV4, Direction.TRANSMIT);
    assertThat(PROVIDER.shim(frames, InnerType.IPV4).getLeft())
        .isInstanceOf(EncapError.Unsupported.class);
    assertThat(PROVIDER.shim(packets, InnerType.ETHERNET).getLeft())
        .isInstanceOf(EncapError.Unsupported.class);
    assertThat(PROVIDER.shim(packets, InnerType.IPV6).isRight()).isTrue();
  }
}
