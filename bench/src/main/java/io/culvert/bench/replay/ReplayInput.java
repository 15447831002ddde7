package io.culvert.bench.replay;

import java.nio.file.Path;

/**
 * A capture that a device receives.
 *
 * @param device the device's name
 * @param file the capture
 */
public record ReplayInput(String device, Path file) {}
