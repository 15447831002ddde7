package io.culvert.bench.replay;

import io.culvert.bench.CliException;
import io.culvert.bench.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Files that appear under their names only when all of them are complete.
 *
 * <p>Until {@link #publish} they have names that end in {@code .part}; without it, or when the
 * process is stopped, they are removed, and with them the folders made for them.
 */
public final class OutputFolder implements AutoCloseable {
  private final Path folder;
  private final String option;
  private final Deque<Path> made = new ArrayDeque<>();
  private final Map<Path, Path> parts = new LinkedHashMap<>();
  private final Thread onExit = new Thread(this::discard, "culvert-clean-up");
  private boolean isPublished;

  /** The folder of {@code --out}. */
  OutputFolder(Path folder) {
    this(folder, "--out " + folder);
  }

  /**
   * Makes the folder, with those above it, if it is not there.
   *
   * @param folder the folder
   * @param option what the user wrote, for messages
   */
  public OutputFolder(Path folder, String option) {
    this.folder = folder;
    this.option = option;
    try {
      for (Path above = folder.toAbsolutePath();
          above != null && Files.notExists(above);
          above = above.getParent()) {
        made.addLast(above);
      }
      Files.createDirectories(folder);
    } catch (IOException e) {
      made.clear();
      throw CliException.failed(option + ": cannot make the folder: " + Failures.reason(e));
    }
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  /** The place to write a file to; it will be published in the order of these calls. */
  public Path part(String name) {
    Path target = folder.resolve(name);
    Path part = folder.resolve("." + name + "." + ProcessHandle.current().pid() + ".part");
    try {
      if (Files.isDirectory(target)) {
        throw CliException.failed(option + ": " + name + " is a folder; expected a file");
      }
      Files.deleteIfExists(part);
      Files.createFile(part);
    } catch (IOException e) {
      throw CliException.failed(option + ": cannot write: " + Failures.reason(e));
    }
    synchronized (this) {
      parts.put(part, target);
    }
    return part;
  }

  /** Gives all files their names. */
  public synchronized void publish() {
    for (Map.Entry<Path, Path> file : parts.entrySet()) {
      try {
        Files.move(file.getKey(), file.getValue(), StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw CliException.failed(
            option + ": cannot write " + file.getValue().getFileName() + ": " + Failures.reason(e));
      }
    }
    isPublished = true;
  }

  private synchronized void discard() {
    if (isPublished) {
      return;
    }
    try {
      for (Path part : parts.keySet()) {
        Files.deleteIfExists(part);
      }
      for (Path folderMade : made) {
        // Fails, as it should, if somebody put something else there.
        Files.deleteIfExists(folderMade);
      }
    } catch (IOException _) {
      // What is left has a name that nobody takes for a result.
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException _) {
      // The process is ending; then the hook does it.
    }
    discard();
  }
}
