package io.culvert.flowtable.table;

import java.util.Arrays;

/**
 * The headers of one way out, Ethernet first, and the operations that finish them.
 *
 * @param port port that frames leave by
 * @param bytes header bytes; fields that an operation writes are zero
 * @param operations packed {@link TemplateOperation}s, two words each, innermost layer first
 */
@SuppressWarnings("ArrayRecordComponent") // Copied, and compared by content.
public record Template(int port, byte[] bytes, long[] operations) {
  /** Most words of operations: the bytes behind them start below offset 256. */
  public static final int MAX_OPERATION_WORDS = 30;

  /** Copies the arrays and checks the limits. */
  public Template {
    if (bytes.length < 14
        || bytes.length > TemplateStore.MAX_HEADER_BYTES
        || operations.length > MAX_OPERATION_WORDS
        || operations.length % 2 != 0) {
      throw new IllegalArgumentException(
          "template: bytes=" + bytes.length + " operations=" + operations.length);
    }
    bytes = bytes.clone();
    operations = operations.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Template that
        && port == that.port
        && Arrays.equals(bytes, that.bytes)
        && Arrays.equals(operations, that.operations);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes) * 31 + Arrays.hashCode(operations) + port;
  }
}
