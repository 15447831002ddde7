package io.culvert.flowtable;

import io.culvert.flowtable.table.Bursts;
import java.util.random.RandomGenerator;

/**
 * Fixed properties of a table.
 *
 * @param match how tunnel stacks are compared
 * @param ipv4Flows most IPv4 flows, 1..2^28, rounded up to a power of two; 64 bytes and 12 of index
 *     for each direction, 10 of the control path's
 * @param ipv6Flows most IPv6 flows, 1..2^28, rounded up to a power of two; 128 bytes and 12 of
 *     index for each direction, 10 of the control path's
 * @param templates most different ways out, 1..2^20
 * @param workers most workers, 1..64; with more than one, counting costs an atomic access a packet
 * @param random where the hash's secrets come from
 * @param timeouts when flows expire of which the offer does not say so
 * @param whenFull what becomes of an offer for which there is no room
 * @param memory whether all of its memory is there from the beginning
 */
public record FlowTableConfig(
    MatchMode match,
    int ipv4Flows,
    int ipv6Flows,
    int templates,
    int workers,
    RandomGenerator random,
    Timeouts timeouts,
    WhenFull whenFull,
    TableMemory memory) {

  /** Checks the number of workers; the table checks the others. */
  public FlowTableConfig {
    if (workers < 1 || workers > Bursts.MOST) {
      throw new IllegalArgumentException(
          "flow table: workers=" + workers + ", expected 1.." + Bursts.MOST);
    }
  }

  /** With the default timeouts; refuses when it is full. */
  public FlowTableConfig(
      MatchMode match,
      int ipv4Flows,
      int ipv6Flows,
      int templates,
      int workers,
      RandomGenerator random) {
    this(
        match,
        ipv4Flows,
        ipv6Flows,
        templates,
        workers,
        random,
        Timeouts.defaults(),
        WhenFull.refuse(),
        TableMemory.whole());
  }

  /** For one worker. */
  public FlowTableConfig(
      MatchMode match, int ipv4Flows, int ipv6Flows, int templates, RandomGenerator random) {
    this(match, ipv4Flows, ipv6Flows, templates, 1, random);
  }

  /**
   * Exact match, 64 Ki IPv4 and 16 Ki IPv6 flows, 4,096 ways out, one worker, secrets from a secure
   * random.
   */
  public static FlowTableConfig defaults() {
    return new FlowTableConfig(
        MatchMode.EXACT, 1 << 16, 1 << 14, 1 << 12, 1, new java.security.SecureRandom());
  }

  /** With another match mode. */
  public FlowTableConfig withMatch(MatchMode newMatch) {
    return new FlowTableConfig(
        newMatch, ipv4Flows, ipv6Flows, templates, workers, random, timeouts, whenFull, memory);
  }

  /** With other capacities. */
  public FlowTableConfig withFlows(int newIpv4Flows, int newIpv6Flows) {
    return new FlowTableConfig(
        match, newIpv4Flows, newIpv6Flows, templates, workers, random, timeouts, whenFull, memory);
  }

  /** With room for other many ways out. */
  public FlowTableConfig withTemplates(int newTemplates) {
    return new FlowTableConfig(
        match, ipv4Flows, ipv6Flows, newTemplates, workers, random, timeouts, whenFull, memory);
  }

  /** For other many workers. */
  public FlowTableConfig withWorkers(int newWorkers) {
    return new FlowTableConfig(
        match, ipv4Flows, ipv6Flows, templates, newWorkers, random, timeouts, whenFull, memory);
  }

  /** With other secrets: a seeded generator makes a table repeatable, and attackable. */
  public FlowTableConfig withRandom(RandomGenerator newRandom) {
    return new FlowTableConfig(
        match, ipv4Flows, ipv6Flows, templates, workers, newRandom, timeouts, whenFull, memory);
  }

  /** With other timeouts. */
  public FlowTableConfig withTimeouts(Timeouts newTimeouts) {
    return new FlowTableConfig(
        match, ipv4Flows, ipv6Flows, templates, workers, random, newTimeouts, whenFull, memory);
  }

  /** With another answer to offers for which there is no room. */
  public FlowTableConfig withWhenFull(WhenFull newWhenFull) {
    return new FlowTableConfig(
        match, ipv4Flows, ipv6Flows, templates, workers, random, timeouts, newWhenFull, memory);
  }

  /** With its memory taken in another way. */
  public FlowTableConfig withMemory(TableMemory newMemory) {
    return new FlowTableConfig(
        match, ipv4Flows, ipv6Flows, templates, workers, random, timeouts, whenFull, newMemory);
  }
}
