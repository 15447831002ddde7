package io.culvert.testkit.scenario;

import io.culvert.wire.IpAddress;
import io.culvert.wire.MacAddress;

/**
 * A neighbour whose MAC address is known.
 *
 * @param device name of the device behind which it is
 * @param address its IP address
 * @param mac its MAC address
 */
public record ScenarioNeighbour(String device, IpAddress address, MacAddress mac) {}
