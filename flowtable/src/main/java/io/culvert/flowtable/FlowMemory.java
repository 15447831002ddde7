package io.culvert.flowtable;

import io.culvert.flowtable.FlowRecord.Half;
import io.culvert.flowtable.Offers.Prepared;
import io.culvert.flowtable.OffloadError.TableFull;
import io.culvert.flowtable.table.FlowIndex;
import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.Hashing;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.RxProgram;
import io.culvert.flowtable.table.StackTable;
import io.culvert.flowtable.table.TemplateStore;
import io.culvert.wire.IpFamily;
import io.vavr.control.Either;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes flows into the packet path's memory and takes them out again: all of a flow or nothing.
 * Used by one thread at a time.
 */
final class FlowMemory {
  private final int digestBits;
  private final Hashing hashing;
  private final FlowStore flows4;
  private final FlowStore flows6;
  private final StackTable stacks;
  private final TemplateStore templates;
  private final RxProgram programs = new RxProgram();
  private final PacketState state;
  private final Map<Integer, FlowRecord> byPair4 = new HashMap<>();
  private final Map<Integer, FlowRecord> byPair6 = new HashMap<>();

  FlowMemory(FlowTableConfig config, PacketState state) {
    this.state = state;
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
    FlowStore store = store(offered.flow().tuple().family());
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
    int originalProgram = program(offered.originalKey());
    int replyProgram = program(offered.replyKey());
    if (originalProgram < 0 || replyProgram < 0) {
      releaseTemplate(original);
      releaseTemplate(reply);
      store.freePair(pair);
      return Either.left(new TableFull("programs on receipt", RxProgram.MOST_WORDS));
    }
    FlowRecord flow =
        new FlowRecord(
            offered.flow(),
            store,
            pair,
            half(offered.originalKey(), original, originalProgram),
            half(offered.replyKey(), reply, replyProgram),
            past.bornMs());
    write(flow, offered, past);
    if (!store.publish(flow.entry(false)) || !store.publish(flow.entry(true))) {
      erase(flow);
      return Either.left(new TableFull("the index around one hash", FlowIndex.WAYS));
    }
    byPair(offered.flow().tuple().family()).put(pair, flow);
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
    flow.startCounters(past.counters());
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

  /** Takes both directions out. */
  void erase(FlowRecord flow) {
    byPair(flow.flow().tuple().family()).remove(flow.pair());
    flow.store().unpublish(flow.entry(false));
    flow.store().unpublish(flow.entry(true));
    flow.store().freePair(flow.pair());
    release(flow.original());
    release(flow.reply());
  }

  private void release(Half half) {
    releaseTemplate(half.template());
    if (half.interned()) {
      stacks.release((int) half.encap());
      state.stacks(stacks.view());
    }
  }

  private void releaseTemplate(int template) {
    if (template >= 0) {
      templates.release(template);
    }
  }
}
