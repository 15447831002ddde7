package io.culvert.testkit.router;

import io.culvert.spi.Inheritable;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.OuterPolicy.DontFragment;
import io.culvert.wire.IpFamily;

/**
 * What a policy makes of an inner IP packet: the fields of the outer header.
 *
 * @param tos TOS or traffic class
 * @param ttl TTL or hop limit
 * @param flowLabel flow label of an outer IPv6 header
 * @param df true if an outer IPv4 header forbids fragments
 */
record OuterFields(int tos, int ttl, int flowLabel, boolean df) {
  private static final int CE = 3;
  private static final int ECT_0 = 2;

  /**
   * The fields.
   *
   * @param policy the policy
   * @param inner the packet that goes in, whatever is in front of it
   * @param isBare true if nothing but one Ethernet header stands in front of it
   */
  static OuterFields of(OuterPolicy policy, Outgoing inner, boolean isBare) {
    return new OuterFields(
        tos(policy, inner.tos()),
        pick(policy.ttl(), inner.ttl()),
        // ip6_tnl copies the label of an IPv6 packet; there is none to copy from another.
        pick(policy.flowLabel(), inner.flowLabel()),
        df(policy.df(), inner, isBare));
  }

  private static int pick(Inheritable field, int inner) {
    return field.inherit() ? inner : field.value();
  }

  private static int tos(OuterPolicy policy, int inner) {
    int dscp = pick(policy.tos(), inner) & 0xfc;
    int mark = inner & 3;
    return dscp
        | switch (policy.ecn()) {
          case RFC6040 -> mark;
          // INET_ECN_encapsulate: congestion that the inner packet saw is not told the outer path.
          case RFC3168 -> mark == CE ? ECT_0 : mark;
          case COMPATIBILITY -> 0;
        };
  }

  private static boolean df(DontFragment rule, Outgoing inner, boolean isBare) {
    return switch (rule) {
      case SET -> true;
      case CLEAR -> false;
      case INHERIT -> inner.df();
      // vxlan_xmit_one looks at the EtherType of the frame, which may be a tag's.
      case INHERIT_OR_SET -> isBare && (inner.family() == IpFamily.V6 || inner.df());
    };
  }
}
