package io.culvert.flowtable.snapshot;

/**
 * The layout of a snapshot, big-endian.
 *
 * <pre>
 * header    0 magic (8)   8 version (2)   10 zero (6)
 * device    0 kind 1      1 zero          2 length (2)     4 name, UTF-8
 * flow      0 kind 2      1 flags         2 protocol       3 zero
 *           4 device (2)  6 source port   8 destination port   10 zero (2)
 *          12 idle timeout, ms (4)       16 age, ms (8)
 *          24 idle, ms (4)               28 zero (4)
 *          32 original packets (8), bytes (8), reply packets (8), bytes (8)
 *          64 source, destination address, 4 or 16 bytes each
 *             with flag 2 the same of the reply tuple, then its ports
 * end       0 kind 255    1 zero (7)      8 flows (8)     16 length of all (8)
 *          24 CRC32C of all before it (4)
 * </pre>
 */
final class SnapshotFormat {
  static final long MAGIC = 0x8943_554c_5645_5254L; // 0x89 CULVERT: no text begins like that.
  static final int VERSION_AT = 8;

  /** Version 1 did not say which flows were closing. */
  static final int VERSION = 2;

  static final int HEADER_LENGTH = 16;

  static final int DEVICE = 1;
  static final int DEVICE_LENGTH = 4;
  static final int MOST_DEVICES = 0x10000;

  static final int FLOW = 2;
  static final int FLAG_IPV6 = 1;
  static final int FLAG_REPLY_TUPLE = 2;
  static final int FLAG_CLOSING = 4;
  static final int ADDRESSES_AT = 64;

  static final int END = 255;
  static final int END_LENGTH = 28;
  static final int CHECKSUM_LENGTH = 4;

  private SnapshotFormat() {}
}
