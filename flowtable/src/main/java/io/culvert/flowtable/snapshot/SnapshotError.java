package io.culvert.flowtable.snapshot;

/**
 * Why some bytes are no snapshot that can be used: the facts as values, a sentence when printed.
 */
public sealed interface SnapshotError {
  /** One sentence. */
  String message();

  /**
   * Not the format at all.
   *
   * @param magic its first eight bytes as one big-endian word
   */
  record NotASnapshot(long magic) implements SnapshotError {
    @Override
    public String message() {
      return String.format(
          "at 0: %016x; expected %016x: this is no snapshot", magic, SnapshotFormat.MAGIC);
    }
  }

  /**
   * Another version of the format.
   *
   * @param version its version
   */
  record UnknownVersion(int version) implements SnapshotError {
    @Override
    public String message() {
      return "at "
          + SnapshotFormat.VERSION_AT
          + ": version "
          + version
          + "; expected "
          + SnapshotFormat.VERSION;
    }
  }

  /**
   * It ends too early, or something stands behind its end.
   *
   * @param length its length in bytes
   * @param expected what should be there
   */
  record Incomplete(long length, String expected) implements SnapshotError {
    @Override
    public String message() {
      return "ends at " + length + "; expected " + expected;
    }
  }

  /**
   * Longer than is read.
   *
   * @param most longest snapshot in bytes
   */
  record TooLong(long most) implements SnapshotError {
    @Override
    public String message() {
      return "longer than " + most + " bytes";
    }
  }

  /**
   * The checksum over everything is wrong.
   *
   * @param at where the checksum stands
   * @param found what stands there
   * @param computed what should
   */
  record WrongChecksum(long at, int found, int computed) implements SnapshotError {
    @Override
    public String message() {
      return String.format("at %d: CRC32C %08x; expected %08x", at, found, computed);
    }
  }

  /**
   * A field that no writer would write.
   *
   * @param at where it stands
   * @param field which
   * @param value its value
   * @param expected what could have been there
   */
  record Impossible(long at, String field, long value, String expected) implements SnapshotError {
    @Override
    public String message() {
      return "at " + at + ": " + field + " " + value + "; expected " + expected;
    }
  }
}
