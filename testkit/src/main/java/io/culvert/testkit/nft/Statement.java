package io.culvert.testkit.nft;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.IpPrefix;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/** A part of a rule. */
public sealed interface Statement {

  /**
   * The rule ends here for packets that do not match.
   *
   * @param field what is looked at
   * @param isNegated true for {@code !=}
   * @param operands one of them must fit
   */
  record Match(Field field, boolean isNegated, Seq<Operand> operands) implements Statement {}

  /**
   * Counts.
   *
   * @param name the named counter of the table; none for one of its own
   * @param packets where one of its own begins to count
   * @param bytes where one of its own begins to count
   * @param at where it stands
   */
  record Count(Option<String> name, long packets, long bytes, Ruleset.Place at)
      implements Statement {}

  /**
   * Ends the chain.
   *
   * @param accepts true to let the packet pass, false to drop it
   */
  record Verdict(boolean accepts) implements Statement {}

  /**
   * The packet's flow is offered to a flowtable.
   *
   * @param flowtable its name, in the same table
   */
  record FlowAdd(String flowtable) implements Statement {}

  /**
   * Address translation.
   *
   * @param kind which
   * @param addresses the new address, or a range of them
   * @param ports the new port, or a range of them
   * @param flags {@code random}, {@code fully-random}, {@code persistent}
   * @param at where it stands
   */
  record Nat(
      Kind kind,
      Option<Operand> addresses,
      Option<Operand.Numbers> ports,
      Seq<String> flags,
      Ruleset.Place at)
      implements Statement {
    /** True if packets of a family can get what it says. */
    boolean isFor(IpFamily family) {
      return addresses.forAll(operand ->
          switch (operand) {
            case Operand.Prefix(IpPrefix prefix) -> prefix.address().family() == family;
            case Operand.Range(IpAddress least, IpAddress _) -> least.family() == family;
            default -> false;
          });
    }

    /** What is translated to what. */
    public enum Kind {
      /** The source, to the address of the device that the packet leaves by. */
      MASQUERADE("masquerade"),
      /** The source, to a given address. */
      SNAT("snat"),
      /** The destination, to a given address. */
      DNAT("dnat"),
      /** The destination, to the router itself. */
      REDIRECT("redirect");

      private final String word;

      Kind(String word) {
        this.word = word;
      }

      /** The word in a ruleset. */
      public String word() {
        return word;
      }

      /** True if it changes the source, which is done last. */
      public boolean isOfSource() {
        return this == MASQUERADE || this == SNAT;
      }
    }
  }

  /** What a match looks at. */
  enum Field {
    /** Name of the device that the packet came in by. */
    IIFNAME,
    /** Name of the device that the packet leaves by. */
    OIFNAME,
    /** IP version: 2 for IPv4, 10 for IPv6. */
    NFPROTO,
    /** Transport protocol, behind IPv6 extension headers. */
    L4PROTO,
    /** Protocol field of an IPv4 header. */
    IP_PROTOCOL,
    /** Source of an IPv4 header. */
    IP_SADDR,
    /** Destination of an IPv4 header. */
    IP_DADDR,
    /** Next header field of an IPv6 header. */
    IP6_NEXTHDR,
    /** Source of an IPv6 header. */
    IP6_SADDR,
    /** Destination of an IPv6 header. */
    IP6_DADDR,
    /** Source port of TCP. */
    TCP_SPORT,
    /** Destination port of TCP. */
    TCP_DPORT,
    /** Source port of UDP. */
    UDP_SPORT,
    /** Destination port of UDP. */
    UDP_DPORT,
    /** Source port of TCP, UDP, UDP-Lite, DCCP or SCTP. */
    TH_SPORT,
    /** Destination port of TCP, UDP, UDP-Lite, DCCP or SCTP. */
    TH_DPORT,
    /** State of the packet's connection. */
    CT_STATE
  }
}
