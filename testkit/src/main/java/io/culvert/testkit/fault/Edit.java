package io.culvert.testkit.fault;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A change to one instruction of a method. Immutable.
 *
 * <p>An instruction is named by what it says, not by its place, so that a fault outlives changes of
 * the code around it; where a method has several of a kind, they are counted from 0 as they stand
 * in the class file.
 */
public final class Edit {
  /** Conditional jumps that take two values from the stack. */
  private static final Set<Opcode> TAKES_TWO =
      EnumSet.of(
          Opcode.IF_ICMPEQ,
          Opcode.IF_ICMPNE,
          Opcode.IF_ICMPLT,
          Opcode.IF_ICMPGE,
          Opcode.IF_ICMPGT,
          Opcode.IF_ICMPLE,
          Opcode.IF_ACMPEQ,
          Opcode.IF_ACMPNE);

  private final String what;
  private final int number;
  private final Target target;
  private final Change change;

  private Edit(String what, int number, Target target, Change change) {
    this.what = what;
    this.number = number;
    this.target = target;
    this.change = change;
  }

  /** Which instructions count. */
  @FunctionalInterface
  private interface Target {
    boolean is(CodeElement element);
  }

  /** What stands in the place of an instruction. */
  @FunctionalInterface
  private interface Change {
    void write(CodeBuilder code, CodeElement element);
  }

  /** Another {@code int}, {@code short} or {@code byte} in the code. */
  public static Edit constant(int from, int to) {
    return constant((ConstantDesc) from, code -> code.loadConstant(to));
  }

  /** Another {@code long} in the code. */
  public static Edit constant(long from, long to) {
    return constant((ConstantDesc) from, code -> code.loadConstant(to));
  }

  /** Another text in the code, such as the name of a setting. */
  public static Edit constant(String from, String to) {
    return constant((ConstantDesc) from, code -> code.loadConstant(to));
  }

  private static Edit constant(ConstantDesc from, Consumer<CodeBuilder> replacement) {
    return new Edit(
        "constant " + from,
        0,
        element -> element instanceof ConstantInstruction c && c.constantValue().equals(from),
        (code, _) -> replacement.accept(code));
  }

  /** A call of another method of the same class, which takes and returns the same. */
  public static Edit call(String from, String to) {
    return new Edit(
        "call of " + from,
        0,
        element -> isCall(element, from),
        (code, element) -> {
          InvokeInstruction call = (InvokeInstruction) element;
          code.invoke(
              call.opcode(), call.owner().asSymbol(), to, call.typeSymbol(), call.isInterface());
        });
  }

  /** No call: its arguments are thrown away; it returns 0 or null. */
  public static Edit noCall(String method) {
    return new Edit(
        "call of " + method,
        0,
        element -> isCall(element, method),
        (code, element) -> {
          InvokeInstruction call = (InvokeInstruction) element;
          var parameters = call.typeSymbol().parameterList();
          for (ClassDesc parameter : parameters.reversed()) {
            pop(code, TypeKind.from(parameter));
          }
          if (call.opcode() != Opcode.INVOKESTATIC) {
            code.pop();
          }
          zero(code, TypeKind.from(call.typeSymbol().returnType()));
        });
  }

  /**
   * A call of which only some bits are looked at: a field cut short.
   *
   * @param method name of a method that returns an {@code int} or a {@code long}
   * @param mask the bits that are left
   */
  public static Edit masked(String method, long mask) {
    return new Edit(
        "call of " + method,
        0,
        element -> isCall(element, method),
        (code, element) -> {
          code.with(element);
          boolean isLong =
              TypeKind.from(((InvokeInstruction) element).typeSymbol().returnType())
                  == TypeKind.LONG;
          if (isLong) {
            code.loadConstant(mask).land();
          } else {
            code.loadConstant((int) mask).iand();
          }
        });
  }

  private static boolean isCall(CodeElement element, String method) {
    return element instanceof InvokeInstruction call && call.name().equalsString(method);
  }

  private static void pop(CodeBuilder code, TypeKind kind) {
    if (kind.slotSize() == 2) {
      code.pop2();
    } else {
      code.pop();
    }
  }

  private static void zero(CodeBuilder code, TypeKind kind) {
    switch (kind) {
      case VOID -> {}
      case LONG -> code.lconst_0();
      case DOUBLE -> code.dconst_0();
      case FLOAT -> code.fconst_0();
      case REFERENCE -> code.aconst_null();
      default -> code.iconst_0();
    }
  }

  /** Another operator on the same operands, {@code Opcode.LUSHR} to {@code Opcode.LSHR}. */
  public static Edit operator(Opcode from, Opcode to) {
    return new Edit(
        "operator " + from,
        0,
        element -> element instanceof OperatorInstruction o && o.opcode() == from,
        (code, _) -> code.with(OperatorInstruction.of(to)));
  }

  /**
   * A conditional jump that is always taken. Compilers jump over what stands behind a condition, so
   * this is an {@code if} whose body is never run.
   *
   * @param number which one of the method, counted from 0
   */
  public static Edit jump(int number) {
    return jump(number, (code, target) -> code.goto_(target));
  }

  /**
   * A conditional jump that is never taken: an {@code if} whose body is always run.
   *
   * @param number which one of the method, counted from 0
   */
  public static Edit noJump(int number) {
    return jump(number, (_, _) -> {});
  }

  private static Edit jump(int number, BiConsumer<CodeBuilder, Label> afterwards) {
    return new Edit(
        "conditional jump",
        number,
        element ->
            element instanceof BranchInstruction jump
                && jump.opcode() != Opcode.GOTO
                && jump.opcode() != Opcode.GOTO_W,
        (code, element) -> {
          BranchInstruction jump = (BranchInstruction) element;
          code.pop();
          if (TAKES_TWO.contains(jump.opcode())) {
            code.pop();
          }
          afterwards.accept(code, jump.target());
        });
  }

  /** The same for another one of the instructions of this kind, counted from 0. */
  public Edit number(int other) {
    return new Edit(what, other, target, change);
  }

  /** True if the element is of the kind. */
  boolean isTarget(CodeElement element) {
    return element instanceof Instruction && target.is(element);
  }

  /** Which one of the kind. */
  int number() {
    return number;
  }

  void write(CodeBuilder code, CodeElement element) {
    change.write(code, element);
  }

  @Override
  public String toString() {
    return what + " number " + number;
  }
}
