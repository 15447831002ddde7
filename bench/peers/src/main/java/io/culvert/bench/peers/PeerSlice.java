package io.culvert.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * One side of {@code bench/compare}: {@code onos|pcap4j FLOWS TUNNELS into|out FRAMES}. For a line
 * {@code go} it prints nanoseconds a frame in all, of them for writing frames, and bytes allocated
 * a frame; for {@code show} the frames sent for up to 64 flows, in hex.
 */
public final class PeerSlice {
  private static final int WARM_UP_SLICES = 10;
  private static final int SHOWN = 64;

  private final com.sun.management.ThreadMXBean threads =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final PeerFlows flows;
  private final Peer peer;
  private final int frames;
  private long written;
  private long sum;

  private PeerSlice(PeerFlows flows, Peer peer, int frames) {
    this.flows = flows;
    this.peer = peer;
    this.frames = frames;
  }

  /** Runs one side. */
  public static void main(String[] words) throws IOException {
    if (words.length != 5) {
      System.err.println("usage: onos|pcap4j FLOWS TUNNELS into|out FRAMES");
      System.exit(2);
    }
    if (!words[3].equals("into")) {
      System.out.println("skip: written for the way into the tunnels alone");
      return;
    }
    PeerFlows flows = new PeerFlows(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
    Peer peer = words[0].equals("onos") ? new OnosPeer(flows) : new Pcap4jPeer(flows);
    new PeerSlice(flows, peer, Integer.parseInt(words[4])).run(System.out);
  }

  private void run(PrintStream out) throws IOException {
    for (int i = 0; i < WARM_UP_SLICES; i++) {
      go();
    }
    out.println("ready");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(line.equals("show") ? show() : go());
    }
    if (sum == 0) {
      System.err.println("nothing was forwarded");
    }
  }

  private String show() {
    StringJoiner sent = new StringJoiner(" ");
    int step = Math.max(1, flows.count() / SHOWN);
    for (int i = 0; i < Math.min(SHOWN, flows.count()); i++) {
      sent.add(HexFormat.of().formatHex(peer.forward(flows.write(i * step))));
    }
    return sent.toString();
  }

  private String go() {
    double fill = slice(false);
    long allocated = threads.getCurrentThreadAllocatedBytes();
    double both = slice(true);
    allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
    return String.format(Locale.ROOT, "%.3f %.3f %.3f", both, fill, allocated / (double) frames);
  }

  /** Nanoseconds a frame of this thread, so that waiting for a busy processor does not count. */
  private double slice(boolean isWorking) {
    long first = written;
    written += frames;
    int forwarded = 0;
    long start = threads.getCurrentThreadCpuTime();
    for (long n = first; n < written; n++) {
      byte[] frame = flows.next(n);
      sum += frame[29];
      if (isWorking) {
        byte[] sent = peer.forward(frame);
        forwarded += sent.length == 0 ? 0 : 1;
        sum += sent.length;
      }
    }
    double ns = (threads.getCurrentThreadCpuTime() - start) / (double) frames;
    if (isWorking && forwarded != frames) {
      throw new IllegalStateException("slice: forwarded=" + forwarded + " of=" + frames);
    }
    return ns;
  }
}
