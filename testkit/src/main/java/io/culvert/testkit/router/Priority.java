package io.culvert.testkit.router;

/** The priority of forwarded IPv4 packets: Linux's {@code rt_tos2priority}. */
final class Priority {
  private static final int BEST_EFFORT = 0;
  private static final int BULK = 2;
  private static final int INTERACTIVE_BULK = 4;
  private static final int INTERACTIVE = 6;

  private Priority() {}

  /** By the two upper bits of the four that RFC 1349 had for the type of service. */
  static int ofTos(int tos) {
    return switch (tos & 0x18) {
      case 0x08 -> BULK;
      case 0x10 -> INTERACTIVE;
      case 0x18 -> INTERACTIVE_BULK;
      default -> BEST_EFFORT;
    };
  }
}
