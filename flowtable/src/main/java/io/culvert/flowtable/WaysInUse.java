package io.culvert.flowtable;

import io.culvert.flowtable.OffloadError.TableFull;
import io.culvert.flowtable.path.ForwardPath;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.RxProgram;
import io.culvert.flowtable.table.TemplateStore;
import io.culvert.spi.EncapKey;
import io.culvert.wire.IpFamily;
import io.vavr.control.Either;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The ways that flows use, each once: its template, stack, program and own ends are one for all of
 * its flows. Used by one thread at a time, while workers run.
 *
 * <p>A way that no flow uses any more keeps its place until {@link #withdraw}, before the wait for
 * the bursts that run, and {@link #reclaim}, behind it.
 */
final class WaysInUse {
  private final StackIdentities stacks;
  private final TemplateStore templates;
  private final RxProgram programs = new RxProgram();
  private final Slots slots;
  private final PacketState state;
  private final Map<ForwardPath, WayInUse> byPath = new HashMap<>();
  // By device, how packets may come in by it, and how many ways say so.
  private final Map<Integer, Map<Identity, Integer>> byDevice = new HashMap<>();
  private final ArrayDeque<Integer> freeNumbers = new ArrayDeque<>();
  private final List<WayInUse> unused = new ArrayList<>();
  private final List<WayInUse> withdrawn = new ArrayList<>();
  private final DeviceLedger ledger = new DeviceLedger();
  private @Nullable WayInUse[] byNumber = new WayInUse[16];
  private int lastNumber;

  WaysInUse(StackIdentities stacks, TemplateStore templates, Slots slots, PacketState state) {
    this.stacks = stacks;
    this.templates = templates;
    this.slots = slots;
    this.state = state;
  }

  /** The way with this number. */
  WayInUse at(int number) {
    return Objects.requireNonNull(byNumber[number]);
  }

  /** The way that leads there; null if no flow uses it. */
  @Nullable WayInUse find(ForwardPath path) {
    return byPath.get(path);
  }

  /** The same of a way that was found before. */
  @Nullable WayInUse find(Way way) {
    WayInUse known = way.inUse();
    if (known == null || byNumber[known.number()] != known) {
      known = byPath.get(way.path());
      way.inUse(known);
    }
    return known;
  }

  /** What is in the keys of packets that come in by a way; null if no flow can have it. */
  @Nullable Identity identity(Way way) {
    WayInUse known = find(way);
    if (known != null) {
      return known.identity();
    }
    Received received = way.received();
    return stacks.find(way.family(), received.port(), received.stack(), received.depth());
  }

  /** The same of a packet as it was parsed. */
  @Nullable Identity identity(IpFamily family, int port, EncapKey stack, int depth) {
    return stacks.find(family, port, stack, depth);
  }

  /** How packets may come in by a device: mostly once for each family. */
  Set<Identity> identities(int ifindex) {
    Map<Identity, Integer> identities = byDevice.get(ifindex);
    return identities == null ? Set.of() : identities.keySet();
  }

  /** True if packets of its family come in by a device in no other way than this one. */
  boolean isOnly(int ifindex, @Nullable Identity identity) {
    for (Identity other : identities(ifindex)) {
      boolean isSameFamily = identity == null || other.family() == identity.family();
      if (isSameFamily && !other.equals(identity)) {
        return false;
      }
    }
    return true;
  }

  /** By number, whether a way in use fits. */
  BitSet those(Predicate<ForwardPath> wanted) {
    BitSet those = new BitSet(lastNumber + 1);
    for (int number = 1; number <= lastNumber; number++) {
      WayInUse way = byNumber[number];
      those.set(number, way != null && wanted.test(way.path()));
    }
    return those;
  }

  /** A way with one more direction that uses it. */
  Either<OffloadError, WayInUse> use(Way way) {
    WayInUse known = find(way);
    if (known != null) {
      known.refer(1);
      return Either.right(known);
    }
    return install(way).peek(fresh -> fresh.refer(1));
  }

  private Either<OffloadError, WayInUse> install(Way way) {
    Received received = way.received();
    int program = programs.intern(received.headerLength(), received.operations());
    state.rxPrograms(programs.words());
    if (program < 0) {
      return Either.left(new TableFull("programs on receipt", RxProgram.MOST_WORDS));
    }
    int template = templates.intern(way.template());
    if (template < 0) {
      return Either.left(new TableFull("ways out", templates.slots()));
    }
    Identity identity = stacks.intern(way.family(), received);
    WayInUse fresh = new WayInUse(way, number(), identity, template, program);
    byNumber[fresh.number()] = fresh;
    byPath.put(way.path(), fresh);
    byDevice
        .computeIfAbsent(way.device(), _ -> new LinkedHashMap<>())
        .merge(identity, 1, Integer::sum);
    way.inUse(fresh);
    slots.use(way.path().layers());
    state.publish();
    return Either.right(fresh);
  }

  private int number() {
    Integer free = freeNumbers.pollFirst();
    int number = free != null ? free : ++lastNumber;
    if (number == byNumber.length) {
      byNumber = Arrays.copyOf(byNumber, 2 * number);
    }
    return number;
  }

  /** A direction does not use it any more. */
  void release(WayInUse way) {
    way.refer(-1);
    if (way.references() == 0) {
      unused.add(way);
    }
  }

  /** Takes what no flow uses any more out of what workers see. */
  void withdraw() {
    for (WayInUse way : unused) {
      if (way.references() == 0 && byNumber[way.number()] == way) {
        byNumber[way.number()] = null;
        byPath.remove(way.path());
        forgetDevice(way);
        slots.release(way.path().layers());
        stacks.release(way.way().received(), way.identity());
        ledger.retire(way.path(), way.retired());
        withdrawn.add(way);
      }
    }
    unused.clear();
    stacks.withdraw();
  }

  private void forgetDevice(WayInUse way) {
    byDevice.computeIfPresent(
        way.way().device(),
        (_, identities) -> {
          identities.computeIfPresent(way.identity(), (_, n) -> n == 1 ? null : n - 1);
          return identities.isEmpty() ? null : identities;
        });
  }

  /** Gives it back: no worker can have it any more. */
  void reclaim() {
    stacks.reclaim();
    for (WayInUse way : withdrawn) {
      templates.release(way.template());
      freeNumbers.addLast(way.number());
    }
    withdrawn.clear();
  }

  /** True if ways wait to be given back. */
  boolean hasUnused() {
    return !unused.isEmpty();
  }

  /** A flow has left: adds what it did to what its ways did. */
  void retire(Leaving flow) {
    FlowCounters sum = flow.counters();
    retire(flow.original(), sum);
    retire(flow.reply(), sum.reversed());
  }

  /** Its packets left by a way, its answers came in by it. */
  private void retire(WayInUse way, FlowCounters counters) {
    if (byNumber[way.number()] == way) {
      way.retire(counters);
    } else {
      ledger.retire(way.path(), WayInUse.asDevice(counters));
    }
  }

  /** What flows that have left did to a device. */
  DeviceCounters retired(int ifindex) {
    DeviceCounters sum = ledger.retired(ifindex);
    for (WayInUse way : byPath.values()) {
      sum = way.path().devices().contains(ifindex) ? sum.plus(way.retired()) : sum;
    }
    return sum;
  }
}
