package io.culvert.flowtable.table;

import io.culvert.wire.EthernetHeader;
import io.culvert.wire.Ipv4Header;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Transmit templates: the composed headers of a whole tunnel stack, with the operations that finish
 * them per packet. Shared by the flows of one way out, reference-counted.
 *
 * <p>A template is a run of 64-byte units: a header word, operation words, then the header bytes.
 * One layer of IPv4 over Ethernet fits into one cache line.
 *
 * <pre>
 * header word:  length 16 | port 16 | offset of the bytes 16 | shape 16   (from the low end)
 * operations:   two words each, innermost layer first; each says whether another follows
 * </pre>
 */
public final class TemplateStore {
  /** Bytes of a unit: a cache line. */
  public static final int UNIT = 64;

  /**
   * Bytes of a template's slot. An odd number of units, so that the first units of many templates
   * spread over all sets of a cache; with eight they would share every eighth.
   */
  public static final int SLOT = 9 * UNIT;

  /** Shape: Ethernet alone. */
  public static final int ETHERNET = 0;

  /** Shape: more bytes, nothing to finish. */
  public static final int BYTES = 4;

  /** In a template of shape {@link #ETHERNET}: where the header bytes begin. */
  public static final int ETHERNET_BYTES = 8;

  /** Shape: operations follow. */
  public static final int OPERATIONS = 1;

  /** Shape: Ethernet and one IPv4 header, whose operation is the only one. */
  public static final int ONE_IPV4 = 2;

  /** In a template of shape {@link #ONE_IPV4}: where the header bytes begin. */
  public static final int ONE_IPV4_BYTES = 8 + TemplateOperation.BYTES;

  /** Most header bytes of a stack. */
  public static final int MAX_HEADER_BYTES = 256;

  private static final ValueLayout.OfLong LONG = FlowStore.LONG;

  private final MemorySegment memory;
  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private final Map<Template, Integer> numbers = new HashMap<>();
  private final Map<Integer, Template> templates = new HashMap<>();
  private final Map<Integer, Integer> references = new HashMap<>();
  private int next = 1;
  private final int slots;
  private final int mask;

  /**
   * An empty store.
   *
   * @param slots most different ways out, 1..2^20
   */
  public TemplateStore(int slots) {
    if (slots < 1 || slots > 1 << 20) {
      throw new IllegalArgumentException(
          "template store: slots=" + slots + ", expected 1.." + (1 << 20));
    }
    this.slots = slots;
    int numbers = Integer.highestOneBit(slots) << 1; // numbers 1..slots, all below a power of two
    mask = numbers - 1;
    memory = Arena.ofAuto().allocate((numbers + 1L) * SLOT, UNIT);
  }

  /** The templates. */
  public MemorySegment memory() {
    return memory;
  }

  /** Byte offset of a template. */
  public static long at(int number) {
    return (long) number * SLOT;
  }

  /** One less than a power of two above all numbers. */
  public int mask() {
    return mask;
  }

  /** Most templates. */
  public int slots() {
    return slots;
  }

  /** Templates in use. */
  public int size() {
    return numbers.size();
  }

  /** The number of an equal template, with one more reference; -1 if the store is full. */
  public int intern(Template template) {
    Integer known = numbers.get(template);
    int number = known != null ? known : allocate(template);
    if (number >= 0) {
      references.merge(number, 1, Integer::sum);
    }
    return number;
  }

  /** Gives one reference back; the last one frees the slot. */
  public void release(int number) {
    Integer left = references.merge(number, -1, Integer::sum);
    if (left == 0) {
      references.remove(number);
      Template template = templates.remove(number);
      if (template != null) {
        numbers.remove(template);
      }
      free.addLast(number);
    }
  }

  private int allocate(Template template) {
    // Slots are reused in the order in which they became free: the oldest first.
    Integer number = next <= slots ? Integer.valueOf(next++) : free.pollFirst();
    if (number == null) {
      return -1;
    }
    write(number, template);
    numbers.put(template, number);
    templates.put(number, template);
    return number;
  }

  private static int shape(Template template) {
    long[] operations = template.operations();
    if (operations.length == 0) {
      return template.bytes().length == EthernetHeader.LENGTH ? ETHERNET : BYTES;
    }
    boolean isOneIpv4 =
        operations.length == 2
            && template.bytes().length == EthernetHeader.LENGTH + Ipv4Header.LENGTH
            && TemplateOperation.kind(operations[0]) == TemplateOperation.IPV4
            && TemplateOperation.offset(operations[0]) == EthernetHeader.LENGTH;
    return isOneIpv4 ? ONE_IPV4 : OPERATIONS;
  }

  private void write(int number, Template template) {
    long at = at(number);
    byte[] bytes = template.bytes();
    long[] operations = template.operations();
    int bytesAt = 8 + 8 * operations.length;
    memory.set(
        LONG,
        at,
        bytes.length
            | (long) template.port() << 16
            | (long) bytesAt << 32
            | (long) shape(template) << 48);
    for (int operation = 0; operation < operations.length; operation++) {
      boolean more = operation % 2 == 0 && operation + 2 < operations.length;
      memory.set(
          LONG,
          at + 8 + 8L * operation,
          operations[operation] | (more ? (long) TemplateOperation.MORE << 16 : 0));
    }
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, at + bytesAt, bytes.length);
  }
}
