package io.culvert.flowtable;

import java.util.random.RandomGenerator;

/**
 * Fixed properties of a table.
 *
 * @param match how tunnel stacks are compared
 * @param ipv4Flows most IPv4 flows, 1..2^28, rounded up to a power of two; 64 bytes and 12 of index
 *     for each direction
 * @param ipv6Flows most IPv6 flows, 1..2^28, rounded up to a power of two; 128 bytes and 12 of
 *     index for each direction
 * @param templates most different ways out, 1..2^20
 * @param random where the hash's secrets come from
 */
public record FlowTableConfig(
    MatchMode match, int ipv4Flows, int ipv6Flows, int templates, RandomGenerator random) {

  /** Exact match, 64 Ki IPv4 and 16 Ki IPv6 flows, 4,096 ways out, secrets from a secure random. */
  public static FlowTableConfig defaults() {
    return new FlowTableConfig(
        MatchMode.EXACT, 1 << 16, 1 << 14, 1 << 12, new java.security.SecureRandom());
  }

  /** With another match mode. */
  public FlowTableConfig withMatch(MatchMode newMatch) {
    return new FlowTableConfig(newMatch, ipv4Flows, ipv6Flows, templates, random);
  }

  /** With other capacities. */
  public FlowTableConfig withFlows(int newIpv4Flows, int newIpv6Flows) {
    return new FlowTableConfig(match, newIpv4Flows, newIpv6Flows, templates, random);
  }

  /** With room for other many ways out. */
  public FlowTableConfig withTemplates(int newTemplates) {
    return new FlowTableConfig(match, ipv4Flows, ipv6Flows, newTemplates, random);
  }

  /** With other secrets: a seeded generator makes a table repeatable, and attackable. */
  public FlowTableConfig withRandom(RandomGenerator newRandom) {
    return new FlowTableConfig(match, ipv4Flows, ipv6Flows, templates, newRandom);
  }
}
