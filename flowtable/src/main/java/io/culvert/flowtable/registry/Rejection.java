package io.culvert.flowtable.registry;

import io.culvert.spi.Carrier;

/** Why a provider is not used: the facts as values, a sentence only when printed. */
public sealed interface Rejection {
  /** One sentence. */
  String message();

  /**
   * The class or one that it needs cannot be loaded, its service file is wrong, or its constructor
   * threw.
   *
   * @param cause what the JDK says
   */
  record NotLoadable(String cause) implements Rejection {
    @Override
    public String message() {
      return "cannot be loaded: " + cause;
    }
  }

  /**
   * Compiled against another SPI.
   *
   * @param found its version
   * @param expected ours
   */
  record WrongVersion(int found, int expected) implements Rejection {
    @Override
    public String message() {
      return "was compiled against SPI version " + found + "; expected " + expected;
    }
  }

  /**
   * The name or a link type is another provider's.
   *
   * @param what "name" or "link type"
   * @param name the contested one
   * @param owner who has it
   */
  record NameTaken(String what, String name, String owner) implements Rejection {
    @Override
    public String message() {
      return what + " '" + name + "' is taken by " + owner;
    }
  }

  /**
   * A carrier is another provider's.
   *
   * @param carrier the contested one
   * @param owner who has it
   */
  record CarrierTaken(Carrier carrier, String owner) implements Rejection {
    @Override
    public String message() {
      return carrier + " is taken by provider " + owner;
    }
  }

  /**
   * Its answers contradict the SPI.
   *
   * @param call the method
   * @param why what is wrong
   */
  record BadAnswer(String call, String why) implements Rejection {
    @Override
    public String message() {
      return call + ": " + why;
    }
  }

  /**
   * One of its samples fails the self-check.
   *
   * @param sample the sample
   * @param check what was checked
   * @param why what came out
   */
  record SelfCheckFailed(String sample, String check, String why) implements Rejection {
    @Override
    public String message() {
      return "self-check of " + sample + " failed, " + check + ": " + why;
    }
  }
}
