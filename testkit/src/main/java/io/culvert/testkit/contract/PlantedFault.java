package io.culvert.testkit.contract;

import io.culvert.spi.EncapProvider;
import io.culvert.testkit.law.Law;
import java.util.function.Function;

/**
 * A mistake made on purpose, and the law that must find it.
 *
 * @param name what it is called, in capitals
 * @param what what is wrong, behind "a module that …"
 * @param law the law that must find it
 * @param plant makes a provider with the mistake of one without: a {@link
 *     io.culvert.testkit.fault.ByteCode}, one of {@link io.culvert.testkit.fault.Wrapped}, or one
 *     after the other
 */
public record PlantedFault(
    String name, String what, Law law, Function<EncapProvider, EncapProvider> plant) {
  @Override
  public String toString() {
    return name + ", a module that " + what;
  }
}
