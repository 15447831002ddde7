package io.culvert.testkit.law;

import java.util.HexFormat;

/**
 * A law that does not hold, with the input that shows it.
 *
 * @param law number of the law
 * @param name name of the law
 * @param input the input in hex
 * @param decoded the input layer by layer, or what else describes it
 * @param expected what the law asks for
 * @param got what came instead
 * @param hint where to look; empty if there is nothing to say
 */
public record Violation(
    int law, String name, String input, String decoded, String expected, String got, String hint) {

  /** A violation by a frame, which is decoded layer by layer. */
  public static Violation byFrame(Law law, byte[] frame, String expected, String got, String hint) {
    return new Violation(
        law.number(), law.title(), hex(frame), FrameText.of(frame), expected, got, hint);
  }

  /** A violation by what stands behind a carrier: a shim and what it carries. */
  static Violation byPacket(
      Law law, EncapSubject subject, byte[] packet, String expected, String got, String hint) {
    String of = "provider " + subject;
    return new Violation(
        law.number(),
        law.title(),
        hex(packet),
        subject.decode(packet),
        expected,
        got,
        hint.isEmpty() ? of : hint + "\n" + of);
  }

  /** A violation by what text describes best. */
  static Violation byText(Law law, String input, String expected, String got, String hint) {
    return new Violation(law.number(), law.title(), "", input, expected, got, hint);
  }

  /** This violation, with more to say. */
  public Violation withHint(String more) {
    String both = hint.isEmpty() ? more : hint + "\n" + more;
    return new Violation(law, name, input, decoded, expected, got, both);
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public String toString() {
    return "law "
        + law
        + " ("
        + name
        + ") does not hold"
        + line("input", input)
        + line("decoded", decoded)
        + line("expected", expected)
        + line("got", got)
        + line("hint", hint);
  }

  private static String line(String label, String text) {
    return text.isEmpty() ? "" : "\n  " + label + ": " + text.strip().replace("\n", "\n    ");
  }
}
