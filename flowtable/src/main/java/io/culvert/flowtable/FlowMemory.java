package io.culvert.flowtable;

import io.culvert.flowtable.FlowRecord.Half;
import io.culvert.flowtable.Offers.Prepared;
import io.culvert.flowtable.OffloadError.TableFull;
import io.culvert.flowtable.table.Bursts;
import io.culvert.flowtable.table.FlowIndex;
import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.Hashing;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.RxProgram;
import io.culvert.flowtable.table.StackTable;
import io.culvert.flowtable.table.TemplateStore;
import io.culvert.wire.IpFamily;
import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes flows into the packet path's memory and takes them out again: all of a flow or nothing.
 * Used by one thread at a time, while workers run.
 *
 * <p>Taking out has two halves. {@link #withdraw} and {@link #replace} take a flow out of what
 * workers find; a burst that runs may still hold it, and count in it. {@link #settle} waits for
 * these bursts, once for all flows that were taken out before, and then gives back what the flows
 * had: entries, templates, stacks. Nothing is used again before that.
 */
final class FlowMemory {
  /** Most flows that wait to be given back while flows are offered. */
  private static final int MOST_WITHDRAWN = 256;

  private final int digestBits;
  private final Hashing hashing;
  private final FlowStore flows4;
  private final FlowStore flows6;
  private final StackTable stacks;
  private final TemplateStore templates;
  private final RxProgram programs = new RxProgram();
  private final PacketState state;
  private final Bursts bursts;
  private final List<FlowRecord> withdrawn = new ArrayList<>();
  private final List<FlowRecord> followers = new ArrayList<>();
  private final Map<Integer, FlowRecord> byPair4 = new HashMap<>();
  private final Map<Integer, FlowRecord> byPair6 = new HashMap<>();

  FlowMemory(FlowTableConfig config, PacketState state, Bursts bursts) {
    this.state = state;
    this.bursts = bursts;
    digestBits = config.match().bits();
    hashing = Hashing.random(config.random());
    FlowStore[] stores = FlowStore.pair(hashing, config.ipv4Flows(), config.ipv6Flows());
    flows4 = stores[0];
    flows6 = stores[1];
    stacks = new StackTable(hashing);
    templates = new TemplateStore(config.templates());
    state.stacks(stacks.view());
  }

  FlowStore store(IpFamily family) {
    return family == IpFamily.V4 ? flows4 : flows6;
  }

  Hashing hashing() {
    return hashing;
  }

  TemplateStore templates() {
    return templates;
  }

  int stacksInUse() {
    return stacks.size();
  }

  long bytes() {
    return flows4.memoryBytes() + flows6.memoryBytes() + templates.memory().byteSize();
  }

  /** The flow whose entry has this receive key; null if there is none. */
  @Nullable FlowRecord holder(FlowRecord.Key key) {
    int entry = entry(key);
    return entry < 0 ? null : at(key.tuple().family(), entry);
  }

  /** The flow of an entry in use. */
  FlowRecord at(IpFamily family, int entry) {
    return Objects.requireNonNull(byPair(family).get(entry >>> 1));
  }

  /** The entry that has this receive key; -1 if there is none. */
  int entry(FlowRecord.Key key) {
    long encap = 0;
    if (isOneWord(key)) {
      encap = key.stack().word(0);
    } else if (key.depth() > 0) {
      long digest = StackTable.digest(hashing, key.stack());
      encap =
          digestBits == 0 ? stacks.view().find(key.stack(), digest) : digest >>> (64 - digestBits);
      if (digestBits == 0 && encap == 0) {
        return -1;
      }
    }
    return store(key.tuple().family()).find(key.addresses(), portsWord(key), encap);
  }

  private Map<Integer, FlowRecord> byPair(IpFamily family) {
    return family == IpFamily.V4 ? byPair4 : byPair6;
  }

  /** True if the encap identity is the stack's only word: exact without a look-up. */
  private boolean isOneWord(FlowRecord.Key key) {
    return digestBits == 0 && key.stack().size() == 2 && key.stack().word(1) >>> 32 == 1;
  }

  private long portsWord(FlowRecord.Key key) {
    int layers = isOneWord(key) ? PacketState.layersOfOne((int) key.stack().word(1)) : key.depth();
    return PacketState.portsWord(key.ports(), key.tuple().protocol(), layers, key.port());
  }

  /** Stores both directions. The keys must be free. */
  Either<OffloadError, FlowRecord> store(Prepared offered, Past past) {
    return prepare(offered, past)
        .flatMap(flow -> {
          if (!flow.store().publish(flow.entry(false)) || !flow.store().publish(flow.entry(true))) {
            withdraw(flow);
            settleIfMany();
            return Either.left(new TableFull("the index around one hash", FlowIndex.WAYS));
          }
          byPair(flow.flow().tuple().family()).put(flow.pair(), flow);
          return Either.right(flow);
        });
  }

  /**
   * Puts an offered flow in the place of one with the same two keys. Workers find the old entry or
   * the new one of each direction, whole; the counters go on.
   */
  Either<OffloadError, FlowRecord> replace(FlowRecord old, Prepared offered) {
    return prepare(offered, old.heritage())
        .peek(flow -> {
          // Offered from the other side, its original direction is what was the reply.
          boolean turned = old.entry(true) == entry(offered.originalKey());
          flow.store().replace(old.entry(turned), flow.entry(false));
          flow.store().replace(old.entry(!turned), flow.entry(true));
          flow.follow(old, turned);
          followers.add(flow);
          Map<Integer, FlowRecord> pairs = byPair(flow.flow().tuple().family());
          pairs.remove(old.pair());
          pairs.put(flow.pair(), flow);
          withdrawn.add(old);
          settleIfMany();
        });
  }

  /** Both entries, filled, but not to be found. */
  private Either<OffloadError, FlowRecord> prepare(Prepared offered, Past past) {
    Either<OffloadError, FlowRecord> prepared = tryToPrepare(offered, past);
    if (prepared.isLeft() && !withdrawn.isEmpty()) {
      settle(); // gives back what it may have been that there was none of
      prepared = tryToPrepare(offered, past);
    }
    return prepared;
  }

  private Either<OffloadError, FlowRecord> tryToPrepare(Prepared offered, Past past) {
    FlowStore store = store(offered.flow().tuple().family());
    int originalProgram = program(offered.originalKey());
    int replyProgram = program(offered.replyKey());
    if (originalProgram < 0 || replyProgram < 0) {
      return Either.left(new TableFull("programs on receipt", RxProgram.MOST_WORDS));
    }
    int pair = store.allocatePair();
    if (pair < 0) {
      return Either.left(new TableFull("flows", store.capacity()));
    }
    int original = templates.intern(offered.originalTemplate());
    int reply = templates.intern(offered.replyTemplate());
    if (original < 0 || reply < 0) {
      releaseTemplate(original);
      releaseTemplate(reply);
      store.freePair(pair);
      return Either.left(new TableFull("ways out", templates.slots()));
    }
    FlowRecord flow =
        new FlowRecord(
            offered.flow(),
            store,
            pair,
            bursts.limit() > 1,
            half(offered.originalKey(), original, originalProgram),
            half(offered.replyKey(), reply, replyProgram),
            past);
    write(flow, offered, past);
    return Either.right(flow);
  }

  private void write(FlowRecord flow, Prepared offered, Past past) {
    int lastSeenMs = state.clockMs() - (int) past.idleMs();
    FlowStore store = flow.store();
    FlowRecord.Key original = offered.originalKey();
    FlowRecord.Key reply = offered.replyKey();
    store.writeKey(
        flow.entry(false), original.addresses(), portsWord(original), flow.original().encap());
    store.writeKey(flow.entry(true), reply.addresses(), portsWord(reply), flow.reply().encap());
    flow.fill(
        false,
        flow.original().template(),
        offered.flow().original().mtu(),
        state.generation(),
        lastSeenMs);
    flow.fill(
        true,
        flow.reply().template(),
        offered.flow().reply().mtu(),
        state.generation(),
        lastSeenMs);
    flow.startPrograms();
    flow.startTranslation(original, reply);
  }

  private int program(FlowRecord.Key key) {
    int number = programs.intern(key.received().headerLength(), key.received().operations());
    state.rxPrograms(programs.words());
    return number;
  }

  private Half half(FlowRecord.Key key, int template, int rxProgram) {
    if (key.depth() == 0) {
      return new Half(0, false, template, rxProgram);
    }
    if (isOneWord(key)) {
      return new Half(key.stack().word(0), false, template, rxProgram);
    }
    if (digestBits != 0) {
      return new Half(
          StackTable.digest(hashing, key.stack()) >>> (64 - digestBits),
          false,
          template,
          rxProgram);
    }
    int number = stacks.intern(key.stack());
    state.stacks(stacks.view());
    return new Half(number, true, template, rxProgram);
  }

  /** Takes both directions out of what workers find. */
  void withdraw(FlowRecord flow) {
    byPair(flow.flow().tuple().family()).remove(flow.pair());
    flow.store().unpublish(flow.entry(false));
    flow.store().unpublish(flow.entry(true));
    withdrawn.add(flow);
  }

  /** Waiting once in a while keeps what waits to be given back small. */
  private void settleIfMany() {
    if (withdrawn.size() >= MOST_WITHDRAWN) {
      settle();
    }
  }

  /**
   * Waits until no burst runs that began before this call, and gives back what the flows taken out
   * had. What was written before, a new generation for instance, holds for every packet from now
   * on, and all counters are exact.
   */
  void settle() {
    withdrawn.forEach(flow -> {
      releaseStack(flow.original());
      releaseStack(flow.reply());
    });
    stacks.withdraw();
    state.stacks(stacks.view());
    state.publish();
    bursts.await();
    stacks.reclaim();
    followers.forEach(FlowRecord::settle);
    followers.clear();
    withdrawn.forEach(flow -> {
      flow.seal();
      flow.store().freePair(flow.pair());
      releaseTemplate(flow.original().template());
      releaseTemplate(flow.reply().template());
    });
    withdrawn.clear();
  }

  private void releaseStack(Half half) {
    if (half.interned()) {
      stacks.release((int) half.encap());
    }
  }

  private void releaseTemplate(int template) {
    if (template >= 0) {
      templates.release(template);
    }
  }
}
