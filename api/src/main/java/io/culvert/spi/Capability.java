package io.culvert.spi;

import io.culvert.wire.IpFamily;
import io.vavr.control.Option;

/**
 * One combination that a provider can push and pop. What is not claimed is refused at set-up.
 *
 * @param outer family of the outer IP header; none for a carrier by EtherType
 * @param inner what is carried; {@link InnerType#ANY_ETHERTYPE} stands for every EtherType
 */
public record Capability(Option<IpFamily> outer, InnerType inner) {
  /** Carries {@code inner} over IP of the given family. */
  public static Capability over(IpFamily outer, InnerType inner) {
    return new Capability(Option.some(outer), inner);
  }

  /** Carries {@code inner} behind an EtherType. */
  public static Capability overEthernet(InnerType inner) {
    return new Capability(Option.none(), inner);
  }

  /** True if this capability is, or includes, the given one. */
  public boolean covers(Capability one) {
    return outer.equals(one.outer)
        && (inner.equals(one.inner)
            || (inner.equals(InnerType.ANY_ETHERTYPE)
                && one.inner.namespace() == InnerType.ETHERTYPE));
  }
}
