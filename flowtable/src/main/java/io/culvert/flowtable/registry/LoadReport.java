package io.culvert.flowtable.registry;

import io.culvert.spi.Carrier;
import io.culvert.spi.Transit;
import io.vavr.collection.Seq;

/**
 * What became of every provider that was found, in the order of loading.
 *
 * @param entries one for each, accepted or not
 */
public record LoadReport(Seq<Entry> entries) {

  /** One provider. */
  public sealed interface Entry {
    /** Where it came from: a jar, a module, a class loader; for people. */
    String origin();
  }

  /**
   * A provider that is used.
   *
   * @param origin where it came from
   * @param name its name
   * @param version version of its module or jar, "unknown" if neither says
   * @param linkTypes names of its link types
   * @param carriers what it claims
   * @param transit which packets of these carriers may be flows of their own
   */
  public record Accepted(
      String origin,
      String name,
      String version,
      Seq<String> linkTypes,
      Seq<Carrier> carriers,
      Seq<Transit> transit)
      implements Entry {}

  /**
   * A provider that is not used.
   *
   * @param origin where it came from
   * @param name its name or class, as far as it is known
   * @param reason why
   */
  public record Rejected(String origin, String name, Rejection reason) implements Entry {}

  /** Accepted ones. */
  public Seq<Accepted> accepted() {
    return entries.filter(Accepted.class::isInstance).map(Accepted.class::cast);
  }

  /** Rejected ones. */
  public Seq<Rejected> rejected() {
    return entries.filter(Rejected.class::isInstance).map(Rejected.class::cast);
  }
}
