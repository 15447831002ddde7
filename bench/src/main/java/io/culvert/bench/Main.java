package io.culvert.bench;

import io.culvert.testkit.pcap.CaptureException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The program {@code culvert}. */
@Command(
    name = "culvert",
    description = {
      "A software flowtable fast path with pluggable tunnel encapsulations.",
      "",
      "Try 'culvert demo' first."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      ReplayCommand.class,
      DemoCommand.class,
      StripCommand.class,
      WrapCommand.class,
      EncapsCommand.class,
      BenchCommand.class,
      SliceCommand.class,
      TurnsCommand.class
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:success",
      "1:failed while running: a file that cannot be read or written, a damaged capture",
      "2:wrong command line, or mistakes in a scenario, a ruleset or a stack"
    })
public final class Main implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  /** For picocli. */
  Main() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  /** Runs a command and ends the process with its status. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command line, for {@link #main} and for tests. */
  public static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setUsageHelpAutoWidth(true)
        .setHelpFactory(Main::help)
        .setParameterExceptionHandler(Main::wrongCommandLine)
        .setExecutionExceptionHandler(Main::failed);
  }

  /**
   * Help that shows options as {@code --name value}; {@code --name=value} is understood as well.
   */
  private static CommandLine.Help help(CommandSpec command, CommandLine.Help.ColorScheme colors) {
    // Nothing is parsed after help was printed.
    command.parser().separator(" ");
    return new CommandLine.Help(command, colors);
  }

  private static int wrongCommandLine(ParameterException mistake, String[] args) {
    CommandLine command = mistake.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    PrintWriter err = command.getErr();
    err.println(name + ": " + mistake.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(mistake, err)) {
      err.println("try '" + name + " --help'");
    }
    err.flush();
    return CliException.USAGE;
  }

  private static int failed(Exception thrown, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    switch (thrown) {
      case CliException mistake -> {
        String.valueOf(mistake.getMessage())
            .lines()
            .forEach(line -> err.println(name + ": " + line));
        err.flush();
        return mistake.status();
      }
      case CaptureException damaged -> err.println(name + ": " + damaged.getMessage());
      case UncheckedIOException failure -> err.println(name + ": " + failure.getMessage());
      default -> {
        err.println(name + ": this is a fault of culvert itself, please report it:");
        thrown.printStackTrace(err);
      }
    }
    err.flush();
    return CliException.FAILED;
  }
}
