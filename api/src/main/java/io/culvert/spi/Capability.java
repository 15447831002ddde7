package io.culvert.spi;

import io.culvert.wire.IpFamily;
import io.vavr.control.Option;

/**
 * One combination that a provider can push and pop. What is not claimed is refused at set-up.
 *
 * @param outer family of the outer IP header; none for a carrier by EtherType
 * @param inner what is carried
 */
public record Capability(Option<IpFamily> outer, InnerType inner) {
  /** Carries {@code inner} over IP of the given family. */
  public static Capability over(IpFamily outer, InnerType inner) {
    return new Capability(Option.some(outer), inner);
  }
}
