package io.culvert.stress;

import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.Reason;
import io.culvert.flowtable.worker.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** A worker with random traffic, which checks what becomes of each frame. */
final class Traffic implements Runnable {
  private static final int SLOT = 128;
  private static final int LENGTH = 14 + 20 + 8 + 10;

  /** Inner IP bytes, which is what counters count. */
  static final int BYTES = LENGTH - 14;

  private static final ValueLayout.OfLong BIG_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfShort BIG_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt BIG_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final Board board;
  private final MemorySegment pool;
  private final Worker worker;
  private final FrameBurst burst;
  private final SplittableRandom random;
  private final boolean isOnline;
  private final long[] turns = new long[Board.FLOWS];
  private final int[] expected = new int[Board.FLOWS];

  /** Frames forwarded by flow, original and reply. */
  final long[][] forwarded = new long[2][Board.FLOWS];

  volatile boolean stop;
  long bursts;
  long frames;
  long certain;

  /** The number of the burst that runs; negative between two. */
  private volatile long running = -1;

  /** The burst of which control saw the last frame untouched when a change of policy returned. */
  private volatile long mustNotForwardLast = -1;

  /**
   * Traffic of one worker.
   *
   * @param isOnline true if its section goes on over some bursts
   */
  Traffic(
      Board board,
      java.util.function.Function<MemorySegment, Worker> table,
      long seed,
      boolean isOnline) {
    this.board = board;
    this.isOnline = isOnline;
    pool = Arena.ofShared().allocate((long) SLOT * FrameBurst.MAX_SIZE, 64);
    worker = table.apply(pool);
    burst = new FrameBurst(pool, FrameBurst.MAX_SIZE);
    random = new SplittableRandom(seed);
  }

  @Override
  public void run() {
    if (isOnline) {
      worker.online();
    }
    try {
      while (!stop && board.violation.get() == null) {
        burst();
        if (isOnline && random.nextBoolean()) {
          worker.quiescent();
        }
      }
      worker.close();
    } catch (RuntimeException | Error thrown) {
      board.violated("a worker threw " + thrown);
      throw thrown;
    }
  }

  private void burst() {
    burst.clear();
    int size = random.nextInt(4) == 0 ? 1 + random.nextInt(64) : FrameBurst.MAX_SIZE;
    for (int i = 0; i < size; i++) {
      add(i, random.nextInt(Board.FLOWS), random.nextBoolean());
    }
    for (int flow = 0; flow < Board.FLOWS; flow++) {
      turns[flow] = board.turn.get(flow);
      expected[flow] = board.expected.get(flow);
    }
    bursts++;
    frames += size;
    running = size == FrameBurst.MAX_SIZE ? bursts : -1;
    worker.process(burst);
    running = -1;
    if (isOnline && random.nextInt(8) == 0) {
      LockSupport.parkNanos(100_000); // the frames are in a queue
    }
    for (int i = 0; i < size; i++) {
      check(i);
    }
    if (mustNotForwardLast == bursts && burst.reason(size - 1) == Reason.NONE) {
      board.violated("the last frame of a burst was forwarded after policyChanged had returned");
    }
  }

  private void add(int i, int flow, boolean reply) {
    long at = (long) SLOT * i + 32;
    int port = reply ? Board.WAN : Board.LAN;
    pool.set(BIG_LONG, at, Board.portMac(port) << 16 | 0x0200);
    pool.set(BIG_LONG, at + 6, 0x0200_0000_0009L << 16 | 0x0800);
    long ip = at + 14;
    pool.set(BIG_LONG, ip, 0x4500_0000_0000_4000L | (long) BYTES << 32);
    pool.set(BIG_INT, ip + 8, 64 << 24 | 17 << 16);
    int source = Board.source(flow).bits();
    int destination = Board.destination(flow).bits();
    pool.set(BIG_INT, ip + 12, reply ? destination : source);
    pool.set(BIG_INT, ip + 16, reply ? source : destination);
    int sum = 0;
    for (int word = 0; word < 10; word++) {
      sum += pool.get(BIG_SHORT, ip + 2 * word) & 0xffff;
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    pool.set(BIG_SHORT, ip + 10, (short) ~((sum & 0xffff) + (sum >>> 16)));
    pool.set(BIG_INT, ip + 20, reply ? 2000 << 16 | 1000 : 1000 << 16 | 2000);
    pool.set(BIG_INT, ip + 24, (BYTES - 20) << 16);
    burst.add((long) SLOT * i, at, LENGTH, port, (long) flow << 1 | (reply ? 1 : 0));
  }

  private void check(int i) {
    int flow = (int) (burst.userWord(i) >>> 1);
    boolean reply = (burst.userWord(i) & 1) != 0;
    Reason reason = burst.reason(i);
    boolean isForwarded = reason == Reason.NONE;
    int version = -1;
    if (isForwarded) {
      forwarded[reply ? 1 : 0][flow]++;
      long mac = pool.get(BIG_LONG, burst.offset(i)) >>> 16;
      version = (int) mac & 0xfff_ffff;
      if (mac != Board.mac(reply, flow, version)
          || version > board.version.get(flow)
          || burst.port(i) != (reply ? Board.LAN : Board.WAN)) {
        board.violated(
            "flow " + flow + " left for " + Long.toHexString(mac) + " by port " + burst.port(i));
      }
    }
    if (isForwarded && isOnline && isForbidden(flow)) {
      board.violated("a call has forbidden a frame, and returned before it was sent");
    }
    // Nothing happened to the flow from before the burst to its end: only one outcome is right.
    if ((turns[flow] & 1) == 0 && turns[flow] == board.turn.get(flow)) {
      certain++;
      boolean isRight =
          switch (expected[flow]) {
            case Board.ABSENT -> reason == Reason.MISS;
            case Board.STALE -> reason == Reason.STALE;
            default -> isForwarded && version == expected[flow];
          };
      if (!isRight) {
        board.violated(
            "flow " + flow + ": expected " + expected[flow] + ", but " + reason + " " + version);
      }
    }
  }

  /** The flow is gone or stale, and the call that made it so has returned. */
  private boolean isForbidden(int flow) {
    long turn = board.turn.get(flow);
    return (turn & 1) == 0 && board.expected.get(flow) < 0 && board.turn.get(flow) == turn;
  }

  /** The number of the burst that is surely under way: its first frame is rewritten already. */
  long underWay() {
    long number = running;
    VarHandles.fence();
    boolean isRewritten = pool.get(BIG_LONG, 32) >>> 16 >>> 40 == 0x02;
    VarHandles.fence();
    return number >= 0 && isRewritten && running == number ? number : -1;
  }

  /**
   * Control's call has returned, and this burst was under way when it began: by now its last frame
   * is what it will be.
   */
  void returned(long number) {
    long at = (long) SLOT * (FrameBurst.MAX_SIZE - 1) + 32;
    boolean isUntouched = pool.get(BIG_LONG, at) >>> 16 >>> 40 == 0x06;
    VarHandles.fence();
    if (number >= 0 && isUntouched && running == number) {
      mustNotForwardLast = number;
    }
  }
}
