package io.culvert.flowtable.admission;

import io.culvert.flowtable.Flow;
import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.OffloadError;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntToLongFunction;

/**
 * At most so many flows for each device: a tunnel, a session, a port. A flow counts for every
 * device that it passes, in either direction, once.
 *
 * <p>Flows that are in the table count however they came there, so that one that gets a new way, or
 * is there before the quota is set, may lead over it; then no new one is taken.
 */
public final class DeviceQuota implements Admission {
  private final IntToLongFunction most;
  private final Map<Integer, Long> flows = new HashMap<>();

  /**
   * A quota.
   *
   * @param most most flows by device index; negative for no limit
   */
  public DeviceQuota(IntToLongFunction most) {
    this.most = most;
  }

  /** One limit, for one device. */
  public static DeviceQuota of(int ifindex, long most) {
    return new DeviceQuota(device -> device == ifindex ? most : -1);
  }

  /** Flows that pass a device now. */
  public long flows(int ifindex) {
    return flows.getOrDefault(ifindex, 0L);
  }

  @Override
  public Option<OffloadError> refusal(FlowOffer offer, long nowMs) {
    return refusal(offer.ingress());
  }

  @Override
  public Option<OffloadError> refusal(Flow flow) {
    return devices(flow).toList().flatMap(this::refusal).headOption();
  }

  private Option<OffloadError> refusal(int ifindex) {
    long limit = most.applyAsLong(ifindex);
    return Option.when(
        limit >= 0 && flows(ifindex) >= limit, () -> new OffloadError.OverQuota(ifindex, limit));
  }

  @Override
  public void added(Flow flow) {
    devices(flow).forEach(device -> flows.merge(device, 1L, Long::sum));
  }

  @Override
  public void removed(Flow flow) {
    // To nothing: a map of devices that come and go must not grow.
    devices(flow)
        .forEach(
            device -> flows.computeIfPresent(device, (_, count) -> count == 1 ? null : count - 1));
  }

  private static Set<Integer> devices(Flow flow) {
    return flow.original().devices().appendAll(flow.reply().devices()).toLinkedSet();
  }
}
