package io.culvert.spi;

/** Why a tunnel cannot be set up: the facts as values, a sentence only when printed. */
public sealed interface EncapError {

  /** One sentence: what, where, what was expected. */
  String message();

  /** True if the settings are legal but out of the fast path's scope; false if they are wrong. */
  default boolean isOutOfScope() {
    return this instanceof Unsupported;
  }

  /**
   * A setting that the protocol needs is not there.
   *
   * @param field the setting
   * @param expected what it should hold
   */
  record Missing(String field, String expected) implements EncapError {
    @Override
    public String message() {
      return field + " is missing; expected " + expected;
    }
  }

  /**
   * A number is out of range.
   *
   * @param field the setting
   * @param value what it holds
   * @param least smallest allowed
   * @param most largest allowed
   */
  record OutOfRange(String field, long value, long least, long most) implements EncapError {
    @Override
    public String message() {
      return field + " is " + value + "; expected " + least + ".." + most;
    }
  }

  /**
   * A value of the wrong kind.
   *
   * @param field the setting
   * @param value what it holds, as text
   * @param expected what it should hold
   */
  record Invalid(String field, String value, String expected) implements EncapError {
    @Override
    public String message() {
      return field + " is '" + value + "'; expected " + expected;
    }
  }

  /**
   * Two settings that exclude each other.
   *
   * @param field one
   * @param other the other
   * @param why the rule
   */
  record Conflict(String field, String other, String why) implements EncapError {
    @Override
    public String message() {
      return field + " does not go with " + other + ": " + why;
    }
  }

  /**
   * Legal settings that cannot be offloaded.
   *
   * @param what the setting or combination
   * @param why the reason
   */
  record Unsupported(String what, String why) implements EncapError {
    @Override
    public String message() {
      return what + " is not offloadable: " + why;
    }
  }

  /**
   * A provider's control call threw; a fault of the provider.
   *
   * @param provider its name
   * @param call the method
   * @param cause what was thrown, as text
   */
  record ProviderFailed(String provider, String call, String cause) implements EncapError {
    @Override
    public String message() {
      return "provider " + provider + " failed in " + call + ": " + cause;
    }
  }
}
