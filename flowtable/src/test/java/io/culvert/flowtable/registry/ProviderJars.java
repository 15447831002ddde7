package io.culvert.flowtable.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.culvert.spi.EncapProvider;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Makes jars with providers as a third party would: source, javac, jar. */
final class ProviderJars {
  private static final String SERVICE = "META-INF/services/io.culvert.spi.EncapProvider";

  /** A good provider of an IP protocol with a shim of four bytes: magic 0x5a7e and its own word. */
  private static final String SOURCE =
      """
      package third.party;
      import io.culvert.spi.*;
      import io.culvert.wire.*;
      import io.vavr.collection.*;
      import io.vavr.control.*;
      public class @TYPE@ implements EncapProvider {
        static final Carrier CARRIER = Carrier.ipProtocol(IpFamily.V4, @PROTOCOL@);
        public @TYPE@() { /*init*/ }
        /** Throws anything, as code of another language may. */
        @SuppressWarnings("unchecked")
        static <T extends Throwable> RuntimeException sneak(Throwable thrown) throws T {
          throw (T) thrown;
        }
        static RuntimeException sneaky(Throwable thrown) {
          return @TYPE@.<RuntimeException>sneak(thrown);
        }
        public String name() { /*name*/ return "@NAME@"; }
        public int spiVersion() { return /*version*/ SpiVersion.CURRENT; }
        public Seq<LinkType> linkTypes() {
          /*linkTypes*/
          return List.of(new LinkType("@LINK@", LinkType.Layer.L3, List.of(
              new Attribute.Address("local", Option.some(IpFamily.V4)))));
        }
        public Seq<Capability> capabilities() {
          return List.of(Capability.over(IpFamily.V4, InnerType.IPV4));
        }
        public Seq<Carrier> carriers(Settings settings) {
          /*carriers*/
          return List.of(CARRIER);
        }
        public Validation<Seq<EncapError>, EncapTuple> tuple(
            Settings settings, InnerType inner, Direction direction) {
          /*tuple*/
          EncapTuple.Addresses ends = new EncapTuple.Addresses(
              settings.address("local").get(), settings.address("remote").get());
          return Validation.valid(new EncapTuple(name(), CARRIER,
              Option.some(direction == Direction.TRANSMIT ? ends : ends.reversed()),
              List.of(7L), OuterPolicy.DEFAULT, Option.none(), List.of(InnerType.IPV4)));
        }
        public Either<EncapError, Shim> shim(EncapTuple tuple, InnerType inner) {
          /*shim*/
          return Either.right(
              new Shim(new byte[] {0x5a, 0x7e, 0, 7}, List.empty(), List.empty()));
        }
        public Encap encap(Carrier carrier) {
          /*encap*/
          return (frame, at, end, key) -> {
            /*match*/
            if (end - at < 4) return Match.TRUNCATED;
            if (Wire.u16(frame, at) != 0x5a7e) return Match.NOT_MINE;
            key.add(Wire.u16(frame, at + 2));
            return Match.hit(4, InnerType.ETHERTYPE, EtherType.IPV4);
          };
        }
        public Seq<Sample> samples() {
          /*samples*/
          return List.of(new Sample(Settings.of("@LINK@")
              .with("local", new Ipv4Address(0xc0000201))
              .with("remote", new Ipv4Address(0xc6336401)), InnerType.IPV4));
        }
      }
      """;

  private ProviderJars() {}

  /** Source of a good provider whose class, name and link type are one word. */
  static String good(String type, int protocol) {
    String name = type.toLowerCase(java.util.Locale.ROOT);
    return source(type, name, name, protocol);
  }

  /** Source of a good provider. */
  static String source(String type, String name, String linkType, int protocol) {
    return SOURCE
        .replace("@TYPE@", type)
        .replace("@NAME@", name)
        .replace("@LINK@", linkType)
        .replace("@PROTOCOL@", Integer.toString(protocol));
  }

  /** The source with code in one of the places that are marked for it. */
  static String with(String source, String place, String code) {
    String mark = "/*" + place + "*/";
    if (!source.contains(mark)) {
      throw new IllegalArgumentException("source: place=" + place);
    }
    return source.replace(mark, code);
  }

  /** Compiles a class of package {@code third.party}, and any others, into a fresh folder. */
  static Path compile(Path folder, String... typesAndSources) throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", classes.toString()));
    arguments.addAll(List.of("-cp", locationOf(EncapProvider.class, Seq.class)));
    for (int n = 0; n < typesAndSources.length; n += 2) {
      Path file = folder.resolve(typesAndSources[n] + ".java");
      Files.writeString(file, typesAndSources[n + 1]);
      arguments.add(file.toString());
    }
    StringWriter messages = new StringWriter();
    PrintWriter out = new PrintWriter(messages);
    int status =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(out, out, arguments.toArray(String[]::new));
    if (status != 0) {
      throw new IllegalStateException(messages.toString());
    }
    return classes;
  }

  private static String locationOf(Class<?>... types) {
    List<String> places = new ArrayList<>();
    for (Class<?> type : types) {
      try {
        places.add(
            Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
      } catch (URISyntaxException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    return String.join(System.getProperty("path.separator"), places);
  }

  /** Packs the classes of a folder, but those left out, with a service file of these lines. */
  static void pack(Path jar, Path classes, String service, String... leftOut) throws IOException {
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
      out.write((service + "\n").getBytes(UTF_8));
    }
  }

  /** A jar with one provider. */
  static void jar(Path work, Path jar, String type, String source) throws IOException {
    Path classes = compile(Files.createTempDirectory(work, type), type, source);
    pack(jar, classes, "third.party." + type);
  }

  /** A jar {@code type.jar} for each provider; compiled in one go, since that takes the time. */
  static void jars(Path work, Path folder, Map<String, String> sourcesByType) throws IOException {
    List<String> typesAndSources = new ArrayList<>();
    sourcesByType.forEach((type, source) -> typesAndSources.addAll(List.of(type, source)));
    Path classes =
        compile(Files.createTempDirectory(work, "many"), typesAndSources.toArray(String[]::new));
    for (String type : sourcesByType.keySet()) {
      String[] others =
          sourcesByType.keySet().stream()
              .filter(other -> !other.equals(type))
              .map(other -> "third/party/" + other + ".class")
              .toArray(String[]::new);
      pack(folder.resolve(type + ".jar"), classes, "third.party." + type, others);
    }
  }
}
