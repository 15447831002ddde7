package io.culvert.testkit.pcap;

import io.vavr.control.Option;

/** The frames of one file format. */
interface CaptureSource {
  /** Longest frame that is believed: the snapshot length that capture tools use at most. */
  int MAX_FRAME_LENGTH = 262_144;

  /** The next frame; none at the end of the file. */
  Option<CaptureFrame> next();
}
