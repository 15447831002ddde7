package io.culvert.bench;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The two captures of {@code strip} and {@code wrap}, and how the report looks. */
final class CaptureFiles {
  @Parameters(
      index = "0",
      paramLabel = "IN",
      description = "the capture: pcap or pcapng, gzip too, of Ethernet")
  @SuppressWarnings("NullAway.Init") // Required.
  Path in;

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description = "the capture to write: pcap; it appears when it is complete")
  @SuppressWarnings("NullAway.Init") // Required.
  Path out;

  @Option(names = "--json", description = "prints the report as one JSON object")
  boolean json;

  CaptureFiles() {}
}
