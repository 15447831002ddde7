package io.culvert.flowtable;

/** Told about flows, on the thread that makes the control call. Must not call the table back. */
public interface FlowListener {
  /** Does nothing. */
  FlowListener NONE = new FlowListener() {};

  /** Why a flow left the table. */
  enum Cause {
    /** {@link FlowTable#remove}, {@link FlowTable#teardown}. */
    REMOVED,
    /**
     * Idle for longer than its timeout, or than {@link Timeouts#tcpClosing} once it was closing.
     */
    EXPIRED,
    /** Its TCP connection was closed, and another one began between the same ports. */
    CLOSED,
    /** Something on its way changed, and nobody offered it again. */
    INVALIDATED,
    /** A provider on its way lost its slot. */
    PROVIDER_FAULT,
    /** It was idle, and made room for another one ({@link WhenFull}). */
    EVICTED
  }

  /** A flow was added, both directions. */
  default void added(Flow flow) {}

  /** A flow was offered again: its ways and generation are new. */
  default void refreshed(Flow flow) {}

  /** A flow has left, both directions; its final counters. */
  default void removed(Flow flow, Cause cause, FlowCounters counters) {}
}
