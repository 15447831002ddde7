package io.culvert.flowtable;

import io.culvert.flowtable.path.ForwardPath;
import io.culvert.flowtable.table.Template;
import io.culvert.spi.InnerType;
import io.culvert.wire.IpFamily;
import org.jspecify.annotations.Nullable;

/**
 * A way out of the router that was found once and is good for many flows: {@link FlowTable#way}
 * finds it, {@link RoutedOffer} names it.
 *
 * <p>It belongs to one table, and goes out of date as flows do: with {@link
 * FlowTable#policyChanged}, with a call that invalidates a device or next hop on it, and with each
 * that is about a route or an address. It takes no room in the table while no flow uses it, and
 * need not be given back.
 *
 * <p><em>Threading:</em> may be passed around; what changes in it is the table's.
 */
public final class Way {
  private final Object table;
  private final ForwardPath path;
  private final Template template;
  private final Received received;
  private final int device;
  private final int generation;
  // Under the table's lock:
  private long asOf;
  private @Nullable WayInUse inUse;

  /**
   * A way.
   *
   * @param table the table that it is good for
   * @param path where it leads
   * @param template its headers
   * @param received how answers come in
   * @param generation the generation in which it was found
   * @param asOf how many changes there had been by then
   */
  Way(
      Object table,
      ForwardPath path,
      Template template,
      Received received,
      int generation,
      long asOf) {
    this.table = table;
    this.path = path;
    this.template = template;
    this.received = received;
    this.generation = generation;
    this.asOf = asOf;
    device = path.devices().head();
  }

  /** Where it leads. */
  public ForwardPath path() {
    return path;
  }

  /**
   * Index of the device that the IP layer sees: the innermost tunnel's, or the port's. Packets that
   * answer to this way come in by it.
   */
  public int device() {
    return device;
  }

  /** The family of the packets that it is good for. */
  public IpFamily family() {
    return path.inner().equals(InnerType.IPV6) ? IpFamily.V6 : IpFamily.V4;
  }

  Object table() {
    return table;
  }

  Template template() {
    return template;
  }

  Received received() {
    return received;
  }

  int generation() {
    return generation;
  }

  long asOf() {
    return asOf;
  }

  /** It was looked at, and is good, when there had been so many changes. */
  void asOf(long newAsOf) {
    asOf = newAsOf;
  }

  @Nullable WayInUse inUse() {
    return inUse;
  }

  void inUse(@Nullable WayInUse newInUse) {
    inUse = newInUse;
  }

  @Override
  public String toString() {
    return "way out of "
        + path.portName()
        + path.layers().map(ForwardPath.Layer::device).mkString(" in ", " in ", "");
  }
}
