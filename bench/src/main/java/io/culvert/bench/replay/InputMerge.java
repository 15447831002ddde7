package io.culvert.bench.replay;

import io.culvert.testkit.pcap.CaptureFrame;
import io.culvert.testkit.pcap.CaptureReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frames of several captures in the order of time.
 *
 * <p>Equal times keep the order of the inputs. The frames of one capture are never reordered: one
 * that is older than its predecessor counts as of the same time, for the order and for the clock.
 */
final class InputMerge implements AutoCloseable {

  /**
   * A frame and where it came from.
   *
   * @param input number of the input, from 0
   * @param frame the frame
   * @param clockNs time for the router's clock: never goes back within an input
   */
  record Next(int input, CaptureFrame frame, long clockNs) {}

  private static final class Input {
    final CaptureReader reader;
    @Nullable CaptureFrame head;
    long clockNs = Long.MIN_VALUE;

    Input(CaptureReader reader) {
      this.reader = reader;
    }

    void advance() {
      head = reader.next().getOrNull();
      if (head != null) {
        clockNs = Math.max(clockNs, head.timestampNs());
      }
    }
  }

  private final List<Input> inputs = new ArrayList<>();

  /** Opens the captures. */
  InputMerge(List<ReplayInput> files) {
    try {
      for (ReplayInput file : files) {
        Input input = new Input(CaptureReader.openEthernet(file.file()));
        inputs.add(input);
        input.advance();
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The next frame, or null at the end of all. */
  @Nullable Next next() {
    int first = -1;
    for (int i = 0; i < inputs.size(); i++) {
      Input input = inputs.get(i);
      if (input.head != null && (first < 0 || input.clockNs < inputs.get(first).clockNs)) {
        first = i;
      }
    }
    if (first < 0) {
      return null;
    }
    Input input = inputs.get(first);
    CaptureFrame frame = input.head;
    long clockNs = input.clockNs;
    input.advance();
    return frame == null ? null : new Next(first, frame, clockNs);
  }

  @Override
  public void close() {
    inputs.forEach(input -> input.reader.close());
  }
}
