package io.culvert.testkit.contract;

import io.culvert.flowtable.registry.EncapRegistry;

/** All laws, for a protocol that has one of everything, over both of its carriers. */
class TagContractTest extends TagContract {
  @Override
  Fault fault() {
    return Fault.NONE;
  }

  @Override
  protected EncapRegistry registry() {
    return EncapRegistry.of(provider());
  }
}
