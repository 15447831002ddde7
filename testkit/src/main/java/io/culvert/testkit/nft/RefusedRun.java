package io.culvert.testkit.nft;

import io.culvert.testkit.nft.Ruleset.Place;

/** Why a ruleset that could be read is not run. */
public sealed interface RefusedRun {
  /** Where in the ruleset. */
  Place at();

  /** One sentence. */
  String message();

  /**
   * A chain that would have an influence on forwarded packets, in a place that is not modelled.
   *
   * @param chain its name
   * @param hook where it stands
   * @param at where it begins
   */
  record ChainPlace(String chain, Ruleset.Hook hook, Place at) implements RefusedRun {
    @Override
    public String message() {
      return "chain "
          + chain
          + " at "
          + hook.name().toLowerCase(java.util.Locale.ROOT)
          + " is not modelled; expected rules in a filter chain at forward, or a nat chain";
    }
  }

  /**
   * A flowtable with a device that the router does not have.
   *
   * @param device the name
   * @param flowtable the flowtable
   * @param at where the flowtable begins
   */
  record UnknownDevice(String device, String flowtable, Place at) implements RefusedRun {
    @Override
    public String message() {
      return "flowtable " + flowtable + ": the scenario has no device " + device;
    }
  }

  /**
   * More than one flowtable.
   *
   * @param name the second one
   * @param at where it begins
   */
  record SecondFlowtable(String name, Place at) implements RefusedRun {
    @Override
    public String message() {
      return "flowtable " + name + " is the second one; a router has one flow table here";
    }
  }
}
