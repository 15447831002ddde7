package io.culvert.flowtable;

import io.culvert.flowtable.OfferReport.Refusal;
import io.culvert.flowtable.Offers.Prepared;
import io.culvert.flowtable.snapshot.SnapshotFlow;
import io.culvert.flowtable.table.PacketState;
import io.culvert.wire.IpAddress;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Where offers come in: gate, ways, table, in this order. Used under the table's lock. */
final class OfferDesk {
  /** Offers of a bulk whose places in the index are read together. */
  private static final int SLICE = 64;

  private final Offers offers;
  private final Flows flows;
  private final Ageing ageing;
  private final OfferGate gate;
  private final Invalidations invalidations;
  private final PacketState state;
  private final Runnable beforeInsert;

  /**
   * For one table.
   *
   * @param beforeInsert run before a flow is stored whose ways may be new
   */
  OfferDesk(
      Offers offers,
      Flows flows,
      Ageing ageing,
      OfferGate gate,
      Invalidations invalidations,
      PacketState state,
      Runnable beforeInsert) {
    this.offers = offers;
    this.flows = flows;
    this.ageing = ageing;
    this.gate = gate;
    this.invalidations = invalidations;
    this.state = state;
    this.beforeInsert = beforeInsert;
  }

  /** The way that packets take. */
  Either<OffloadError, Way> way(IpAddress from, IpAddress to) {
    return offers.way(from, to);
  }

  /** One flow whose ways are to be found. */
  Either<OffloadError, FlowRecord> offer(FlowOffer offer) {
    return offer(offer, gate, Past.none(ageing.nowMs())).peekLeft(gate::count);
  }

  private Either<OffloadError, FlowRecord> offer(FlowOffer offer, OfferGate asked, Past past) {
    return admitted(offer, asked, () -> isKnown(offer), () -> offers.prepare(offer))
        .flatMap(prepared -> insert(prepared, past));
  }

  /** One flow whose ways are known. */
  Either<OffloadError, FlowRecord> offer(RoutedOffer offer) {
    checkTable(offer);
    return admitted(offer)
        .flatMap(prepared -> insert(prepared, Past.none(ageing.nowMs())))
        .peekLeft(gate::count);
  }

  private Either<OffloadError, Prepared> admitted(RoutedOffer offer) {
    if (invalidations.concerns(offer.original(), state.generation())) {
      return Either.left(new OffloadError.StaleWay("original"));
    }
    if (invalidations.concerns(offer.reply(), state.generation())) {
      return Either.left(new OffloadError.StaleWay("reply"));
    }
    FlowOffer flow = offer.flow();
    return admitted(
        flow, gate, () -> isKnown(flow, offer.original().device()), () -> offers.prepare(offer));
  }

  /** Many of them. */
  OfferReport offerAll(List<RoutedOffer> all) {
    all.forEach(this::checkTable);
    List<Refusal> refusals = new ArrayList<>();
    // What an admission says may depend on the flow before, so it is asked one by one.
    int step = gate.asks() ? 1 : SLICE;
    for (int from = 0; from < all.size(); from += step) {
      offer(all.subList(from, Math.min(from + step, all.size())), from, refusals);
    }
    refusals.sort(Comparator.comparingInt(Refusal::index));
    refusals.forEach(refusal -> gate.count(refusal.error()));
    return new OfferReport(all.size() - refusals.size(), Vector.ofAll(refusals));
  }

  private void offer(List<RoutedOffer> slice, int from, List<Refusal> refusals) {
    List<Prepared> admitted = new ArrayList<>(slice.size());
    int[] indexes = new int[slice.size()];
    int index = from;
    for (RoutedOffer offer : slice) {
      Either<OffloadError, Prepared> prepared = admitted(offer);
      if (prepared.isRight()) {
        indexes[admitted.size()] = index;
        admitted.add(prepared.get());
      } else {
        refusals.add(new Refusal(index, prepared.getLeft()));
      }
      index++;
    }
    flows.touch(admitted);
    Past past = Past.none(ageing.nowMs());
    for (int i = 0; i < admitted.size(); i++) {
      Either<OffloadError, FlowRecord> inserted = insert(admitted.get(i), past);
      if (inserted.isLeft()) {
        refusals.add(new Refusal(indexes[i], inserted.getLeft()));
      }
    }
  }

  private void checkTable(RoutedOffer offer) {
    if (!offers.isOwn(offer.original())) {
      throw new IllegalArgumentException(
          "offer: ways of another table, tuple=" + offer.flow().tuple());
    }
  }

  /** What an offer comes to, if nothing but the table's own state can still refuse it. */
  private Either<OffloadError, Prepared> admitted(
      FlowOffer offer,
      OfferGate asked,
      BooleanSupplier isKnown,
      Supplier<Either<OffloadError, Prepared>> prepare) {
    if (offer.perPacketPolicy().isDefined()) {
      return Either.left(new OffloadError.PerPacketPolicy(offer.perPacketPolicy().get()));
    }
    boolean isAsked = asked.asks() && !isKnown.getAsBoolean();
    Option<OffloadError> refusal = isAsked ? asked.refusal(offer, ageing.nowMs()) : Option.none();
    if (refusal.isDefined()) {
      return Either.left(refusal.get());
    }
    Either<OffloadError, Prepared> prepared = prepare.get();
    if (isAsked && prepared.isRight()) {
      Option<OffloadError> late = asked.refusal(prepared.get().flow());
      return late.isDefined() ? Either.left(late.get()) : prepared;
    }
    return prepared;
  }

  private Either<OffloadError, FlowRecord> insert(Prepared prepared, Past past) {
    beforeInsert.run();
    Either<OffloadError, FlowRecord> inserted = flows.insert(prepared, past);
    if (inserted.isRight()) {
      ageing.added(inserted.get());
    }
    return inserted;
  }

  /** True if this flow is in the table, valid or not, from either side. */
  private boolean isKnown(FlowOffer offer) {
    return flows.find(offer.tuple(), offer.ingress()) != null
        || offers.egress(offer).exists(egress -> flows.find(offer.replyTuple(), egress) != null);
  }

  private boolean isKnown(FlowOffer offer, int egress) {
    return flows.find(offer.tuple(), offer.ingress()) != null
        || flows.find(offer.replyTuple(), egress) != null;
  }

  /** One flow of a snapshot. */
  Either<OffloadError, Restore.Outcome> restore(SnapshotFlow saved, OfferGate asked) {
    long bornMs = ageing.nowMs() - saved.ageMs();
    Past past = new Past(saved.counters(), bornMs, saved.idleMs(), saved.isClosing());
    return Restore.offer(saved, offers, ageing)
        .flatMap(offer ->
            isKnown(offer)
                ? Either.right(Restore.Outcome.ALREADY_THERE)
                : offer(offer, asked, past).map(_ -> Restore.Outcome.RESTORED))
        .peekLeft(gate::count);
  }
}
