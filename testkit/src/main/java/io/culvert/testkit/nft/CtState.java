package io.culvert.testkit.nft;

/** State of a packet's connection, as {@code ct state} says it. */
public enum CtState {
  /** The connection tracker cannot place the packet. */
  INVALID("invalid"),
  /** The first packets, until one came back. */
  NEW("new"),
  /** Packets were seen both ways. */
  ESTABLISHED("established"),
  /** An ICMP error about a packet of a known connection. */
  RELATED("related"),
  /** The connection tracker was told to leave the packet alone. */
  UNTRACKED("untracked");

  private final String word;

  CtState(String word) {
    this.word = word;
  }

  /** The word in a ruleset. */
  public String word() {
    return word;
  }
}
