package io.culvert.testkit.router;

import io.culvert.testkit.router.RouterOutcome.Dropped;
import io.culvert.testkit.router.RouterOutcome.NotModelled;
import io.culvert.testkit.router.TunnelOutput.Passage;
import io.culvert.wire.IpFamily;
import io.vavr.control.Either;

/** Whether a packet fits the way with its new headers, and who is told if it does not. */
final class OuterMtu {
  private static final int LEAST_IPV4_MTU = 68;
  private static final int LEAST_IPV6_MTU = 1280;
  private static final int IPV4_HEADER = 20;

  private final RouterState state;
  private final Output output;

  OuterMtu(RouterState state, Output output) {
    this.state = state;
    this.output = output;
  }

  /**
   * Judges.
   *
   * @param passage the packet
   * @param length bytes of the outer packet
   * @param df true if its header is to forbid fragments
   * @return true if the outer header forbids fragments after all, or what became of the packet
   */
  Either<RouterOutcome, Boolean> judge(Passage passage, int length, boolean df) {
    int most = output.mtu(passage.route());
    int learned = state.learnedMtu(passage.outer().remote());
    if (length > learned && learned < most) {
      return Either.left(new NotModelled(NotModelledReason.PMTU));
    }
    return switch (passage.outer().sender()) {
      case IP_TUNNEL -> ipTunnel(passage, length, df, most);
      case SIT -> sit(passage, length, df, most);
      case IP6_TUNNEL -> ip6Tunnel(passage, length, most);
      case UDP_TUNNEL -> udpTunnel(passage, length, df, most);
    };
  }

  /** {@code tnl_update_pmtu}: the sender is told what fits, if it has asked for that. */
  private Either<RouterOutcome, Boolean> ipTunnel(
      Passage passage, int length, boolean df, int most) {
    if (length <= most) {
      return Either.right(df);
    }
    Outgoing inner = passage.inner();
    int innerMtu = df ? most - (length - passage.length()) : output.mtu(inner.route());
    boolean isTold =
        passage.length() > innerMtu
            && (inner.family() == IpFamily.V4 ? inner.df() : innerMtu >= LEAST_IPV6_MTU);
    return Either.left(isTold ? inner.icmp().tooBig(innerMtu) : tooBig(df));
  }

  /** {@code ipip6_tunnel_xmit}: DF gives way where IPv6 could not live with what is left. */
  private Either<RouterOutcome, Boolean> sit(Passage passage, int length, boolean df, int most) {
    int innerMtu = most - IPV4_HEADER;
    if (df && innerMtu < LEAST_IPV4_MTU) {
      return Either.left(new Dropped(DropReason.OUTER_MTU));
    }
    if (df && passage.length() > Math.max(innerMtu, LEAST_IPV6_MTU)) {
      return Either.left(passage.inner().icmp().tooBig(Math.max(innerMtu, LEAST_IPV6_MTU)));
    }
    boolean stillDf = df && innerMtu >= LEAST_IPV6_MTU;
    return length <= most ? Either.right(stillDf) : Either.left(tooBig(stillDf));
  }

  /** {@code ip6_tnl_xmit}: the sender is told, also if it would have allowed fragments. */
  private Either<RouterOutcome, Boolean> ip6Tunnel(Passage passage, int length, int most) {
    Outgoing inner = passage.inner();
    int least = inner.family() == IpFamily.V6 ? LEAST_IPV6_MTU : LEAST_IPV4_MTU;
    int innerMtu = Math.max(most - (length - passage.length()), least);
    if (passage.length() > innerMtu) {
      return Either.left(inner.icmp().tooBig(innerMtu));
    }
    return length <= most ? Either.right(false) : Either.left(tooBig(false));
  }

  /**
   * {@code skb_tunnel_check_pmtu}: nobody is told now, but the route of the inner packet has a
   * smaller MTU from now on, which IPv6 heeds when it forwards.
   */
  private Either<RouterOutcome, Boolean> udpTunnel(
      Passage passage, int length, boolean df, int most) {
    Outgoing inner = passage.inner();
    int innerMtu = most - (length - passage.length());
    if (inner.packet().length > innerMtu) {
      state.learnInnerMtu(inner, innerMtu);
    }
    if (length <= most) {
      return Either.right(df);
    }
    // udp_tunnel6_xmit_skb does not allow its packets to be made into fragments.
    return Either.left(tooBig(df || passage.family() == IpFamily.V6));
  }

  /** The kernel tells only itself that the outer packet is too big. */
  private static RouterOutcome tooBig(boolean df) {
    return df ? new Dropped(DropReason.OUTER_MTU) : new NotModelled(NotModelledReason.FRAGMENT);
  }
}
