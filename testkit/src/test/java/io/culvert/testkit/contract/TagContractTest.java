package io.culvert.testkit.contract;

/** All laws, for a protocol that has one of everything. */
class TagContractTest extends TagContract {
  @Override
  Fault fault() {
    return Fault.NONE;
  }
}
