package io.culvert.flowtable.table;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the control path changes and every worker reads: plain fields, picked up once per burst.
 *
 * <p>{@link #publish} is the one ordered access: what was written before it is seen by a burst that
 * starts after it.
 */
public final class PacketState {
  /** Highest port index. */
  public static final int MAX_PORT = 65535;

  /** Most provider slots. Slot 0 is none. */
  public static final int MAX_SLOTS = 16;

  private final long[] portMacs = new long[MAX_PORT + 1];
  private final byte[] slotsByProtocol4 = new byte[256];
  // Exact set of (slot << 32 | local IPv4 address), open addressing; 0 is free.
  private long[] endpoints4 = new long[16];
  private StackTable.View stacks = new StackTable.View(new long[16], new long[1]);
  private int generation = 1;
  private int clockMs;
  private final Map<Integer, Throwable> blown = new ConcurrentHashMap<>();
  private volatile int version;

  /** An empty state. */
  public PacketState() {}

  /** Makes everything written before visible to bursts that start from now on. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // One writer: the table's lock.
  public void publish() {
    version++;
  }

  /** The version published last; reading it makes what was published visible. */
  public int acquire() {
    return version;
  }

  /** MAC address by port index, 0 for "not a port"; the live array. */
  public long[] portMacs() {
    return portMacs;
  }

  /** Slot by IPv4 protocol number, 0 for none; the live array. */
  public byte[] slotsByProtocol4() {
    return slotsByProtocol4;
  }

  /** The set of local endpoints as it is now. */
  public long[] endpoints4() {
    return endpoints4;
  }

  /** What the stacks are looked up in now. */
  public StackTable.View stacks() {
    return stacks;
  }

  /** Generation of valid entries. */
  public int generation() {
    return generation;
  }

  /** The table's clock in milliseconds. */
  public int clockMs() {
    return clockMs;
  }

  /** Sets a port's MAC address; 0 takes the port away. */
  public void port(int port, long mac) {
    portMacs[port] = mac;
  }

  /** The MAC address of a port; 0 if it is none. */
  public long portMac(int port) {
    return portMacs[port];
  }

  /** Sets the slot that serves an IPv4 protocol; 0 for none. */
  public void protocol4(int protocol, int slot) {
    slotsByProtocol4[protocol] = (byte) slot;
  }

  /** Replaces the set of local endpoints: (slot &lt;&lt; 32 | IPv4 address). */
  public void endpoints4(long[] endpoints) {
    int size = Math.max(16, Integer.highestOneBit(Math.max(1, endpoints.length)) * 4);
    long[] set = new long[size];
    for (long endpoint : endpoints) {
      int at = endpointHash(endpoint) & size - 1;
      while (set[at] != 0) {
        at = at + 1 & size - 1;
      }
      set[at] = endpoint;
    }
    endpoints4 = set;
  }

  /** A member of the set of local endpoints. */
  public static long endpoint4(int slot, int address) {
    return ((long) slot << 32) | (address & 0xffff_ffffL);
  }

  /** Ports (32 bits), protocol (8), layers (8), ingress port (16) of a flow key. */
  public static long portsWord(int ports, int protocol, int depth, int port) {
    return (long) ports << 32 | (long) protocol << 24 | (long) depth << 16 | port;
  }

  /** The word that ends a layer of an encap key: with it no two stacks have the same words. */
  public static long layerWord(int slot, int words) {
    return (long) words << 32 | slot;
  }

  /** Where the search for an endpoint starts. */
  public static int endpointHash(long endpoint) {
    long hash = endpoint * 0x9e37_79b9_7f4a_7c15L;
    return (int) (hash >>> 32);
  }

  /** Called by a worker whose provider threw: the slot serves no packet any more. */
  public void blowFuse(int slot, Throwable thrown) {
    for (int protocol = 0; protocol < slotsByProtocol4.length; protocol++) {
      if (slotsByProtocol4[protocol] == slot) {
        slotsByProtocol4[protocol] = 0;
      }
    }
    blown.putIfAbsent(slot, thrown);
  }

  /** Slots whose provider threw, with what it threw. */
  public Map<Integer, Throwable> blown() {
    return Map.copyOf(blown);
  }

  /** Sets what the stacks are looked up in. */
  public void stacks(StackTable.View view) {
    stacks = view;
  }

  /** Starts a new generation: all entries are stale until they are confirmed. */
  public void nextGeneration() {
    generation++;
  }

  /** Sets the clock. */
  public void clockMs(int now) {
    clockMs = now;
  }
}
