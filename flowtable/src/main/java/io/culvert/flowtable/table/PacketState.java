package io.culvert.flowtable.table;

import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the control path changes and every worker reads.
 *
 * <p>What is replaced as a whole, by reference, is volatile: who sees the new array sees what is in
 * it. In the arrays that are changed in place each element stands for itself, and a burst may see
 * any of the values that it has had since the burst began. {@link #publish} starts a new version,
 * after which workers drop what they remember of the old one; a burst that starts later sees
 * everything that was written before ({@link Bursts}).
 *
 * <p>One writer at a time, but for {@link #blowFuse}, which a worker calls.
 */
public final class PacketState {
  /** Highest port index. */
  public static final int MAX_PORT = 65535;

  /** Most provider slots. Slot 0 is none. */
  public static final int MAX_SLOTS = 63;

  /** In place of a slot: the UDP destination port decides. */
  public static final int BY_PORT = 127;

  /** In an encap key: what follows is the own MAC address of an Ethernet header in a tunnel. */
  public static final long ETHERNET_WORD = 1L << 62;

  private static final int UDP = 17;

  private final long[] portMacs = new long[MAX_PORT + 1];
  private final byte[] slotsByProtocol4 = new byte[256];
  private final byte[] slotsByProtocol6 = new byte[256];
  private final byte[] slotsByEtherType = new byte[1 << 16];
  private final boolean[] slotsByPeer = new boolean[MAX_SLOTS + 1];
  // By protocol, three words each, see transit(); 0 for none.
  private final long[] transit4 = new long[3 << 8];
  private final long[] transit6 = new long[3 << 8];
  // (family << 16 | port) << 8 | slot, each at its key's own place; 0 is free.
  private volatile boolean tcpChanged;
  private volatile int[] slotsByUdpPort = new int[16];
  // Exact set of (slot << 32 | local IPv4 address), open addressing; 0 is free.
  private volatile long[] endpoints4 = new long[16];
  // The same for IPv6, three words a row: slot with a mark, both halves of the address.
  private volatile long[] endpoints6 = new long[3 * 16];
  private volatile long[] rxPrograms = {0};
  private volatile StackTable.View stacks = new StackTable.View(new long[16], new long[1]);
  private volatile int generation = 1;
  private volatile int clockMs;
  // Held when slots are set or taken away; never by a worker but to blow a fuse.
  private final Object slotsLock = new Object();
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

  /** Slot by IPv6 next header, 0 for none; the live array. */
  public byte[] slotsByProtocol6() {
    return slotsByProtocol6;
  }

  /** Which packets without ports are flows by IPv4 protocol, see {@link #transit}; live. */
  public long[] transit4() {
    return transit4;
  }

  /** The same by IPv6 next header. */
  public long[] transit6() {
    return transit6;
  }

  /** Slot by EtherType, 0 for none; the live array. */
  public byte[] slotsByEtherType() {
    return slotsByEtherType;
  }

  /** Whether a slot's layers belong to one other station each; the live array. */
  public boolean[] slotsByPeer() {
    return slotsByPeer;
  }

  /** Slot by UDP port as it is now, see {@link #slotOfPort}. */
  public int[] slotsByUdpPort() {
    return slotsByUdpPort;
  }

  /** The set of local IPv6 endpoints as it is now, see {@link #endpointRow6}. */
  public long[] endpoints6() {
    return endpoints6;
  }

  /** The programs of {@link RxProgram} as they are now. */
  public long[] rxPrograms() {
    return rxPrograms;
  }

  /** Sets the programs. */
  public void rxPrograms(long[] words) {
    rxPrograms = words;
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
    synchronized (slotsLock) {
      slotsByProtocol4[protocol] = (byte) slot;
    }
  }

  /** Sets the slot that serves an IPv6 next header; 0 for none. */
  public void protocol6(int protocol, int slot) {
    synchronized (slotsLock) {
      slotsByProtocol6[protocol] = (byte) slot;
    }
  }

  /**
   * Makes packets of a protocol flows without ports. Three words at {@code 3 * protocol}: length
   * plus 1, mask, value.
   *
   * @param length bytes that there must be behind the IP header, 0..8
   * @param mask which bits of them are compared, as a number of so many bytes
   * @param value what these bits must be
   */
  public void transit(boolean isV6, int protocol, int length, long mask, long value) {
    long[] table = isV6 ? transit6 : transit4;
    table[3 * protocol] = length + 1L;
    table[3 * protocol + 1] = mask;
    table[3 * protocol + 2] = value;
  }

  /**
   * Sets the slot that serves an EtherType; 0 for none.
   *
   * @param byPeer true if its layers belong to one other station each
   */
  public void etherType(int number, int slot, boolean byPeer) {
    synchronized (slotsLock) {
      slotsByPeer[slot] = byPeer;
      VarHandle.releaseFence(); // read in the other order
      slotsByEtherType[number] = (byte) slot;
    }
  }

  /** Adds the slot that serves a UDP port. */
  public void udpPort(boolean isV6, int port, int slot) {
    int key = udpKey(isV6, port);
    synchronized (slotsLock) {
      int[] table = slotsByUdpPort;
      while (table[key & table.length - 1] != 0) {
        table = spread(table, 2 * table.length);
      }
      int[] changed = table.clone();
      changed[key & changed.length - 1] = key << 8 | slot;
      slotsByUdpPort = changed;
      (isV6 ? slotsByProtocol6 : slotsByProtocol4)[UDP] = BY_PORT;
    }
  }

  /** The same entries in a larger table: keys that differ do so in a table of all keys. */
  private static int[] spread(int[] table, int size) {
    int[] larger = new int[size];
    for (int entry : table) {
      if (entry != 0) {
        larger[entry >>> 8 & size - 1] = entry;
      }
    }
    return larger;
  }

  private static int udpKey(boolean isV6, int port) {
    return (isV6 ? 1 << 16 : 0) | port;
  }

  /** The slot of a UDP port in a table of {@link #slotsByUdpPort}; 0 if there is none. */
  public static int slotOfPort(int[] table, boolean isV6, int port) {
    int key = udpKey(isV6, port);
    int entry = table[key & table.length - 1];
    return entry >>> 8 == key ? entry & 0xff : 0;
  }

  /** Replaces the set of local IPv6 endpoints: slot, upper and lower half of the address each. */
  public void endpoints6(long[] endpoints) {
    endpoints6 = EndpointSets.of6(endpoints);
  }

  /** First word of a row of the set of IPv6 endpoints; never 0. */
  public static long endpointMark6(int slot) {
    return 1L << 32 | slot;
  }

  /** The row at which the search for an IPv6 endpoint starts. */
  public static int endpointRow6(int slot, long high, long low, int rows) {
    return endpointHash(high * 31 + low + ((long) slot << 32)) & rows - 1;
  }

  /** Replaces the set of local endpoints: (slot &lt;&lt; 32 | IPv4 address). */
  public void endpoints4(long[] endpoints) {
    endpoints4 = EndpointSets.of4(endpoints);
  }

  /** A member of the set of local endpoints. */
  public static long endpoint4(int slot, int address) {
    return ((long) slot << 32) | (address & 0xffff_ffffL);
  }

  /** Ports (32 bits), protocol (8), layers (8), ingress port (16) of a flow key. */
  public static long portsWord(int ports, int protocol, int depth, int port) {
    return (long) ports << 32 | (long) protocol << 24 | (long) depth << 16 | port;
  }

  /**
   * In place of the number of layers: one layer, of one word, which is the encap identity itself.
   *
   * @param slot its slot, below {@link #MAX_SLOTS}
   */
  public static int layersOfOne(int slot) {
    return 0x80 | slot;
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
    synchronized (slotsLock) {
      for (byte[] slots : new byte[][] {slotsByProtocol4, slotsByProtocol6, slotsByEtherType}) {
        for (int number = 0; number < slots.length; number++) {
          if (slots[number] == slot) {
            slots[number] = 0;
          }
        }
      }
      int[] ports = slotsByUdpPort.clone(); // a port without slot is nobody's
      for (int at = 0; at < ports.length; at++) {
        if ((ports[at] & 0xff) == slot) {
          ports[at] = 0;
        }
      }
      slotsByUdpPort = ports;
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

  /** Called by a worker that has changed a flow's {@link TcpState}. */
  public void tcpChanged() {
    tcpChanged = true;
  }

  /** True if a flow's {@link TcpState} has changed since the last call. */
  public boolean takeTcpChanges() {
    boolean changed = tcpChanged;
    if (changed) {
      tcpChanged = false; // before the flows are looked at: what comes later is told again
    }
    return changed;
  }

  /** Starts a new generation: all entries are stale until they are confirmed. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // One writer: the table's lock.
  public void nextGeneration() {
    generation = generation == -1 ? 1 : generation + 1; // 0 is never valid
  }

  /** Sets the clock. */
  public void clockMs(int now) {
    clockMs = now;
  }
}
