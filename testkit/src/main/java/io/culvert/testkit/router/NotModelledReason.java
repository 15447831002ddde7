package io.culvert.testkit.router;

/** What the router leaves undone where Linux would do it. Nothing is sent then. */
public enum NotModelledReason {
  /** Making fragments, or reassembling those that are for the router itself. */
  FRAGMENT("not-modelled:fragment"),
  /**
   * Rewriting IPv4 options on the way: record route, time stamp, bytes behind the end of options.
   */
  IP_OPTIONS("not-modelled:ip-options"),
  /** Delivery to the router itself, and what it would answer. */
  LOCAL("not-modelled:local"),
  /** Sending an ICMP error. */
  ICMP("not-modelled:icmp"),
  /** A path MTU learned from an ICMP error decides. */
  PMTU("not-modelled:pmtu"),
  /** Neighbour discovery: ARP and ND packets, and packets to a neighbour of unknown address. */
  NEIGHBOUR("not-modelled:neighbour"),
  /** A device that is out of scope. */
  DEVICE("not-modelled:device");

  private final String word;

  NotModelledReason(String word) {
    this.word = word;
  }

  /** The reason as a word for reports. */
  public String word() {
    return word;
  }
}
