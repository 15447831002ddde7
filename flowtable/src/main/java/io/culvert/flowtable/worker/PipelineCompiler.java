package io.culvert.flowtable.worker;

import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.Match;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/**
 * Makes the pipeline of one worker.
 *
 * <p>The class files of the stages are defined once more as hidden classes, with {@link
 * HotConstants} as class data. Their {@code static final} fields are then constants to the JIT:
 * memory segments lose their base and bounds checks fold, and the switch over the providers' {@code
 * match} is a constant method handle, which is inlined down to a third party's code. So a stage
 * must stay free of lambdas, inner classes and assertions, and keep what touches frames in its own
 * file: a helper of another class that the JIT does not inline would see the memory as a variable.
 */
final class PipelineCompiler {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final MethodType MATCH =
      MethodType.methodType(
          long.class, MemorySegment.class, long.class, long.class, EncapKey.class);

  private PipelineCompiler() {}

  /** A pipeline with these constants. */
  static Pipeline compile(HotConstants constants) {
    return new Pipeline(
        stage("ParseStage", constants.before((Parser) stage("ParseStage", constants))),
        stage("LookupStage", constants),
        stage("VerifyStage", constants),
        stage("CheckStage", constants),
        stage("TranslateStage", constants),
        stage("RewriteStage", constants),
        stage("FinishStage", constants));
  }

  private static Stage stage(String name, HotConstants constants) {
    try {
      MethodHandles.Lookup hidden =
          LOOKUP.defineHiddenClassWithClassData(classFile(name + ".class"), constants, true);
      return (Stage)
          hidden.findConstructor(hidden.lookupClass(), MethodType.methodType(void.class)).invoke();
    } catch (Throwable thrown) {
      throw new IllegalStateException("pipeline: " + name + " cannot be compiled", thrown);
    }
  }

  /** A switch over the slots' providers; slot 0 and unknown ones match nothing. */
  static MethodHandle matchSwitch(List<Encap> encaps) {
    MethodHandle none =
        MethodHandles.dropArguments(
            MethodHandles.constant(long.class, Match.NOT_MINE),
            0,
            MATCH.insertParameterTypes(0, int.class).parameterList());
    if (encaps.isEmpty()) {
      return none;
    }
    MethodHandle[] cases = new MethodHandle[encaps.size() + 1];
    cases[0] = none;
    for (int slot = 1; slot < cases.length; slot++) {
      cases[slot] = MethodHandles.dropArguments(bind(encaps.get(slot - 1)), 0, int.class);
    }
    return MethodHandles.tableSwitch(none, cases);
  }

  private static MethodHandle bind(Encap encap) {
    try {
      return LOOKUP.findVirtual(Encap.class, "match", MATCH).bindTo(encap);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("pipeline: no Encap.match", impossible);
    }
  }

  private static byte[] classFile(String file) throws IOException {
    try (InputStream in = PipelineCompiler.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IOException(file + " is missing from the module");
      }
      return in.readAllBytes();
    }
  }
}
