package io.culvert.testkit.fault;

import io.culvert.spi.EncapProvider;
import io.vavr.collection.List;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.reflect.InvocationTargetException;
import java.util.function.UnaryOperator;

/**
 * A provider whose own class files were changed: its package is defined once more, in a class
 * loader of its own, with some instructions replaced. So a fault is one of the code that is
 * shipped, and not of a copy. Immutable.
 *
 * <pre>{@code
 * ByteCode.in(VxlanEncap.class, "match", Edit.constant(8, 4)) // the shift of the VNI
 * }</pre>
 *
 * <p>The provider needs a public constructor without parameters, as the service loader wants it. An
 * edit that finds nothing to change is an {@link IllegalStateException}.
 */
public final class ByteCode implements UnaryOperator<EncapProvider> {
  private final List<Place> places;

  private ByteCode(List<Place> places) {
    this.places = places;
  }

  /** Where something is changed: methods of one name, and of one class. */
  private record Place(Class<?> type, String method, Edit edit) {}

  /**
   * Changes in the methods of one name, one after the other.
   *
   * @param type a class in the provider's package
   * @param method name of its methods; {@code <init>} and {@code <clinit>} for constructors and
   *     constants
   */
  public static ByteCode in(Class<?> type, String method, Edit... edits) {
    return new ByteCode(List.empty()).andIn(type, method, edits);
  }

  /** More changes, elsewhere. */
  public ByteCode andIn(Class<?> type, String method, Edit... edits) {
    return new ByteCode(places.appendAll(List.of(edits).map(e -> new Place(type, method, e))));
  }

  @Override
  public EncapProvider apply(EncapProvider provider) {
    Class<?> type = provider.getClass();
    try {
      return (EncapProvider)
          new Loader(type).loadClass(type.getName()).getConstructor().newInstance();
    } catch (InvocationTargetException thrown) {
      throw new IllegalStateException(type + " cannot be made", thrown.getCause());
    } catch (ReflectiveOperationException failed) {
      throw new IllegalStateException(type + " cannot be loaded again", failed);
    }
  }

  /** Defines the classes of the provider's package by itself, and leaves others to its parent. */
  private final class Loader extends ClassLoader {
    private final Class<?> original;

    Loader(Class<?> original) {
      super(original.getClassLoader());
      this.original = original;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        if (known != null) {
          return known;
        }
        boolean isOurs =
            name.lastIndexOf('.') == original.getPackageName().length()
                && name.startsWith(original.getPackageName());
        if (!isOurs) {
          return super.loadClass(name, resolve);
        }
        byte[] bytes = broken(name, read(name));
        return defineClass(name, bytes, 0, bytes.length);
      }
    }

    private byte[] read(String name) throws ClassNotFoundException {
      try (InputStream in = original.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        return in.readAllBytes();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }

    private byte[] broken(String name, byte[] bytes) {
      ClassFile files =
          ClassFile.of(
              ClassFile.ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofResourceParsing(original.getClassLoader())));
      byte[] changed = bytes;
      for (Place place : places.filter(p -> p.type().getName().equals(name))) {
        changed = broken(files, changed, place);
      }
      return changed;
    }

    private static byte[] broken(ClassFile files, byte[] bytes, Place place) {
      int[] seen = {0};
      CodeTransform change =
          (code, element) -> {
            boolean isIt = place.edit().isTarget(element) && seen[0]++ == place.edit().number();
            if (isIt) {
              place.edit().write(code, element);
            } else {
              code.with(element);
            }
          };
      ClassModel model = files.parse(bytes);
      byte[] changed =
          files.transformClass(
              model,
              ClassTransform.transformingMethodBodies(
                  method -> method.methodName().equalsString(place.method()), change));
      if (seen[0] <= place.edit().number()) {
        throw new IllegalStateException(
            place.type().getName() + "." + place.method() + " has no " + place.edit());
      }
      return changed;
    }
  }
}
