package io.culvert.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Makes jars with providers, good and broken ones, as a third party would. */
final class ProviderJars {
  private static final String SERVICE = "META-INF/services/io.culvert.spi.EncapProvider";

  private ProviderJars() {}

  /**
   * A provider of a tunnel by IP protocol 253 without a header, with parts to be broken.
   *
   * @param type its class, without package
   * @param name its name and link type
   * @param spiVersion an expression
   * @param inConstructor statements
   */
  static String source(String type, String name, String spiVersion, String inConstructor) {
    return """
    package third.party;
    import io.culvert.spi.*;
    import io.culvert.wire.*;
    import io.vavr.collection.*;
    import io.vavr.control.*;
    public class @TYPE@ implements EncapProvider {
      public @TYPE@() { @INIT@ }
      public String name() { return "@NAME@"; }
      public int spiVersion() { return @VERSION@; }
      public Seq<LinkType> linkTypes() {
        return List.of(new LinkType("@NAME@", LinkType.Layer.L3, List.of(
            new Attribute.Address("local", Option.some(IpFamily.V4)),
            new Attribute.Address("remote", Option.some(IpFamily.V4)))));
      }
      public Seq<Capability> capabilities() {
        return List.of(Capability.over(IpFamily.V4, InnerType.IPV4));
      }
      public Seq<Carrier> carriers(Settings settings) {
        return List.of(Carrier.ipProtocol(IpFamily.V4, 253));
      }
      public Validation<Seq<EncapError>, EncapTuple> tuple(
          Settings settings, InnerType inner, Direction direction) {
        EncapTuple.Addresses ends = new EncapTuple.Addresses(
            settings.address("local").get(), settings.address("remote").get());
        return Validation.valid(new EncapTuple("@NAME@", Carrier.ipProtocol(IpFamily.V4, 253),
            Option.some(direction == Direction.TRANSMIT ? ends : ends.reversed()),
            List.empty(), OuterPolicy.DEFAULT, Option.none(), List.of(InnerType.IPV4)));
      }
      public Either<EncapError, Shim> shim(EncapTuple tuple, InnerType inner) {
        return Either.right(Shim.EMPTY);
      }
      public Encap encap(Carrier carrier) {
        return (frame, at, end, key) -> at < end
            ? Match.hit(0, InnerType.ETHERTYPE, EtherType.IPV4) : Match.TRUNCATED;
      }
      public Seq<Sample> samples() {
        return List.of(new Sample(Settings.of("@NAME@")
            .with("local", new Ipv4Address(0xc0000201))
            .with("remote", new Ipv4Address(0xc6336401)), InnerType.IPV4));
      }
    }
    """
        .replace("@TYPE@", type)
        .replace("@INIT@", inConstructor)
        .replace("@NAME@", name)
        .replace("@VERSION@", spiVersion);
  }

  /** Compiles classes of package {@code third.party} into a folder. */
  static Path compile(Path folder, Map<String, String> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Files.createDirectories(folder);
    List<JavaFileObject> units = new ArrayList<>();
    sources.forEach((type, text) -> units.add(new Source(type, text)));
    StringWriter messages = new StringWriter();
    boolean done =
        compiler
            .getTask(
                messages,
                null,
                null,
                List.of(
                    "-proc:none",
                    "-d",
                    folder.toString(),
                    "-cp",
                    System.getProperty("java.class.path")),
                null,
                units)
            .call();
    if (!done) {
      throw new IllegalStateException(messages.toString());
    }
    return folder;
  }

  /** Packs a jar: the classes of a folder but some, and a service file with the given line. */
  static void pack(Path jar, Path classes, String serviceLine, String... leftOut)
      throws IOException {
    Files.createDirectories(jar.getParent());
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = classes.relativize(file).toString().replace('\\', '/');
        if (!List.of(leftOut).contains(name)) {
          out.putNextEntry(new JarEntry(name));
          out.write(Files.readAllBytes(file));
        }
      }
      out.putNextEntry(new JarEntry(SERVICE));
      out.write((serviceLine + "\n").getBytes(UTF_8));
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String type, String text) {
      super(URI.create("string:///third/party/" + type + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
