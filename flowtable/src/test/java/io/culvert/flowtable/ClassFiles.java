package io.culvert.flowtable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads compiled classes, and the rules of the architecture as functions over them. */
final class ClassFiles {
  private static final Pattern ENCAPSULATION =
      Pattern.compile("ipip|vxlan|pppoe|vlan|geneve", Pattern.CASE_INSENSITIVE);

  // "egress" holds these three letters too: a word of its own counts, in any spelling.
  private static final Set<String> GRE = Set.of("gre", "gretap", "ip6gre", "ip6gretap");

  private static final Pattern BETWEEN_WORDS =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+");

  private ClassFiles() {}

  /** All classes beside this one: of its folder or its jar. */
  static List<ClassModel> besides(Class<?> type) {
    try {
      Path place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isDirectory(place) ? ofFolder(place) : ofJar(place);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static List<ClassModel> ofFolder(Path folder) throws IOException {
    List<ClassModel> models = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        models.add(ClassFile.of().parse(file));
      }
    }
    return models;
  }

  private static List<ClassModel> ofJar(Path jar) throws IOException {
    List<ClassModel> models = new ArrayList<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
        try (InputStream in = file.getInputStream(entry)) {
          models.add(ClassFile.of().parse(in.readAllBytes()));
        }
      }
    }
    return models;
  }

  /** One class. */
  static ClassModel of(Class<?> type) {
    String file = type.getName().substring(type.getPackageName().length() + 1) + ".class";
    try (InputStream in = type.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("class file: name=" + file);
      }
      return ClassFile.of().parse(in.readAllBytes());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Binary name with dots. */
  static String name(ClassModel model) {
    return model.thisClass().asInternalName().replace('/', '.');
  }

  /** Every name, descriptor and string of a class. */
  static List<String> texts(ClassModel model) {
    List<String> texts = new ArrayList<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof Utf8Entry text) {
        texts.add(text.stringValue());
      }
    }
    return texts;
  }

  /** The texts that name a concrete encapsulation. */
  static List<String> encapsulationsNamed(ClassModel model) {
    return texts(model).stream().filter(ClassFiles::namesAnEncapsulation).toList();
  }

  private static boolean namesAnEncapsulation(String text) {
    return ENCAPSULATION.matcher(text).find()
        || Stream.of(BETWEEN_WORDS.split(text))
            .anyMatch(word -> GRE.contains(word.toLowerCase(Locale.ROOT)));
  }

  /** The texts that refer to a package or module, given with dots, or to one below it. */
  static List<String> references(ClassModel model, String to) {
    String slashes = to.replace('.', '/');
    return texts(model).stream()
        .filter(text -> text.contains(slashes) || text.contains(to))
        .toList();
  }

  /** What a method does that costs an allocation, a lock, an exception or a write barrier. */
  static List<String> notForPackets(MethodModel method) {
    List<String> found = new ArrayList<>();
    if (method.flags().has(AccessFlag.SYNCHRONIZED)) {
      found.add("synchronized");
    }
    method
        .code()
        .ifPresent(code ->
            code.forEach(element -> {
              switch (element) {
                case NewObjectInstruction made -> found.add("new " + made.className().name());
                case NewPrimitiveArrayInstruction _,
                    NewReferenceArrayInstruction _,
                    NewMultiArrayInstruction _ ->
                    found.add("new array");
                case InvokeDynamicInstruction made -> found.add("invokedynamic " + made.name());
                case MonitorInstruction _ -> found.add("monitor");
                case ThrowInstruction _ -> found.add("throw");
                case ArrayStoreInstruction store when store.opcode().name().equals("AASTORE") ->
                    found.add("reference into array");
                case FieldInstruction field when storesReference(field) ->
                    found.add("reference into " + field.name());
                default -> {}
              }
            }));
    return found;
  }

  /** Bytes of a method's bytecode; 0 without any. */
  static int bytecodes(MethodModel method) {
    return method.findAttribute(Attributes.code()).map(CodeAttribute::codeLength).orElse(0);
  }

  private static boolean storesReference(FieldInstruction field) {
    String type = field.type().stringValue();
    return field.opcode().name().startsWith("PUT")
        && (type.startsWith("L") || type.startsWith("["));
  }
}
