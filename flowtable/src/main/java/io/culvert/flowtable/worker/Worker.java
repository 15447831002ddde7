package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.Bursts;
import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.Hashing;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.SequenceStore;
import io.culvert.flowtable.table.TemplateStore;
import io.culvert.spi.Encap;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs bursts of one memory pool through a flow table; belongs to one thread at a time.
 *
 * <p>A burst is a section in which the table waits for it: control calls of other threads may
 * overlap with it, see {@link io.culvert.flowtable.FlowTable}.
 *
 * <p><em>Online:</em> between {@link #online} and {@link #offline} one section goes on over all
 * bursts, until the thread says by {@link #quiescent} that it is through with them: their frames
 * are sent, or thrown away. A control call of another thread that forbids something waits for that
 * too, so that no frame which it forbids is sent after it has returned. A burst then does without
 * the fence that begins a section of its own. The other side of it: who is online owes the table a
 * {@code quiescent()} every now and then (after each burst is a good place, some microseconds
 * apart), and {@code offline()} before it waits for anything but frames that are about to come: for
 * a lock, for another thread, for a cable. Control calls wait as long as it takes, {@link
 * io.culvert.flowtable.FlowTable#waitingFor} tells for whom.
 *
 * <pre>{@code
 * worker.online();
 * while (isRunning) {
 *   receive(burst);
 *   worker.process(burst);
 *   send(burst);
 *   worker.quiescent();
 * }
 * worker.offline();
 * }</pre>
 *
 * <p>Per packet it allocates, locks, logs and throws nothing. Its pipeline is compiled for its
 * pool, its table and the providers loaded; when a new provider comes into use, the next burst
 * compiles it anew.
 */
public final class Worker {

  /**
   * What a pipeline is made of; the table hands a new one out when the providers in use change.
   *
   * @param flows4 IPv4 entries
   * @param flows6 IPv6 entries
   * @param templates transmit templates
   * @param sequences sequence numbers of tunnels
   * @param hashing the table's hash
   * @param digestBits bits of the stack's digest, 1..64; 0 to intern stacks exactly
   * @param encaps receive sides by slot, from slot 1 on
   * @param state what changes without a new pipeline
   */
  @SuppressWarnings("exports") // For FlowTable alone; the table's memory is nobody else's.
  public record Parts(
      FlowStore flows4,
      FlowStore flows6,
      TemplateStore templates,
      SequenceStore sequences,
      Hashing hashing,
      int digestBits,
      List<Encap> encaps,
      PacketState state) {
    /** Copies the list. */
    public Parts {
      encaps = List.copyOf(encaps);
    }
  }

  private final MemorySegment pool;
  private final Supplier<Parts> table;
  private final Bursts bursts;
  private final int number;
  private Parts parts;
  private Pipeline pipeline;
  private boolean isClosed;
  private @Nullable Thread onlineIn;
  private final WorkerCounters counters = new WorkerCounters();

  /**
   * A worker; {@link io.culvert.flowtable.FlowTable#newWorker} is the way to get one.
   *
   * @param pool native memory of its frames
   * @param table the table's current parts
   * @param bursts where the table sees who is in a burst
   */
  @SuppressWarnings("exports") // For FlowTable alone.
  public Worker(MemorySegment pool, Supplier<Parts> table, Bursts bursts) {
    if (!pool.isNative() || pool.isReadOnly()) {
      throw new IllegalArgumentException(
          "pool: native=" + pool.isNative() + " readOnly=" + pool.isReadOnly());
    }
    this.pool = pool;
    this.table = table;
    this.bursts = bursts;
    number = bursts.register();
    if (number < 0) {
      throw new IllegalStateException("no more workers: FlowTableConfig.workers=" + bursts.limit());
    }
    parts = table.get();
    pipeline = compile();
  }

  /**
   * Runs a burst: every frame gets a verdict, and a reason if it is not forwarded. A frame that is
   * not forwarded is untouched.
   *
   * @param burst a burst of this worker's pool
   * @throws IllegalStateException if the worker is closed
   */
  @SuppressWarnings("ReferenceEquality") // Parts are themselves.
  public void process(FrameBurst burst) {
    if (!burst.pool().equals(pool)) {
      throw new IllegalArgumentException("burst of another pool");
    }
    if (table.get() != parts) {
      refresh();
    }
    requireOpen();
    if (onlineIn == null) {
      alone(burst);
    } else {
      requireOnline();
      online(burst);
    }
  }

  private void alone(FrameBurst burst) {
    bursts.enter(number);
    try {
      pipeline.process(burst);
    } finally {
      bursts.leave(number);
    }
  }

  private void online(FrameBurst burst) {
    bursts.busy(number, true);
    try {
      pipeline.process(burst);
    } finally {
      bursts.busy(number, false);
    }
  }

  /**
   * Begins a section that goes on over all bursts until {@link #offline}. The worker belongs to the
   * calling thread until then. Control calls of that thread itself do not wait for it, nor do
   * others while it waits to make one: what it has not sent by then is its own affair. If the
   * thread ends, nobody waits for the worker any more.
   *
   * @throws IllegalStateException if the worker is online already, or closed
   */
  public void online() {
    requireOpen();
    if (onlineIn != null) {
      throw new IllegalStateException(
          "worker is online: number=" + number + " thread=" + onlineIn.getName());
    }
    bursts.online(number);
    onlineIn = Thread.currentThread();
  }

  /**
   * Nothing is left of the bursts so far: all their frames are sent or thrown away. A store and a
   * fence.
   *
   * @throws IllegalStateException if the worker is not online in this thread, or closed
   */
  public void quiescent() {
    requireOnline();
    bursts.pass(number);
  }

  /**
   * The same, and until {@link #online} nobody waits for this worker but in bursts.
   *
   * @throws IllegalStateException if the worker is not online in this thread, or closed
   */
  public void offline() {
    requireOnline();
    onlineIn = null;
    bursts.offline(number);
  }

  private void requireOpen() {
    if (isClosed) {
      throw new IllegalStateException("worker is closed: number=" + number);
    }
  }

  private void requireOnline() {
    requireOpen();
    if (onlineIn == null) {
      throw new IllegalStateException("worker is offline: number=" + number);
    }
    if (onlineIn != Thread.currentThread()) {
      throw new IllegalStateException(
          "worker is online in another thread: number=" + number + " thread=" + onlineIn.getName());
    }
  }

  /**
   * Gives the worker's place in the table back, between bursts; its counters stay. A worker that is
   * online goes offline. Closing twice does nothing.
   */
  public void close() {
    if (!isClosed) {
      isClosed = true;
      if (onlineIn != null) {
        onlineIn = null;
        bursts.offline(number);
      }
      bursts.release(number);
    }
  }

  /** Its number in the table, from 0 on; after {@link #close} another worker may have it. */
  public int number() {
    return number;
  }

  /** The pool. */
  public MemorySegment pool() {
    return pool;
  }

  /**
   * Frames by reason so far; {@link Reason#NONE} counts the forwarded ones. May be called by any
   * thread, slightly behind.
   */
  public long count(Reason reason) {
    return counters.count(reason);
  }

  /** The same counters, for whoever outlives this worker. */
  public WorkerCounters counters() {
    return counters;
  }

  /** What is compiled now. */
  Pipeline pipeline() {
    return pipeline;
  }

  private void refresh() {
    parts = table.get();
    pipeline = compile();
  }

  private Pipeline compile() {
    int bits = parts.digestBits();
    return PipelineCompiler.compile(
        new HotConstants(
            pool,
            parts.flows4(),
            parts.flows6(),
            parts.templates(),
            parts.sequences().memory(),
            parts.hashing(),
            bits == 0,
            64 - bits & 63,
            PipelineCompiler.matchSwitch(parts.encaps()),
            parts.state(),
            new BurstScratch(),
            counters.live(),
            number,
            bursts.limit() > 1,
            null));
  }
}
