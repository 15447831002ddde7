package io.culvert.flowtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.EncapProvider;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a compiler does not check: who may know whom, and what a per-packet method may do. */
class ArchitectureTest {
  private static final List<ClassModel> API = ClassFiles.besides(EncapProvider.class);
  private static final List<ClassModel> FLOWTABLE = ClassFiles.besides(FlowTable.class);
  private static final String WIRE = "io.culvert.wire.";
  private static final String WORKER = "io.culvert.flowtable.worker.";
  private static final String TABLE = "io.culvert.flowtable.table.";

  private static final Set<String> WIRE_VALUES =
      Set.of("IpAddress", "Ipv4Address", "Ipv6Address", "IpPrefix", "MacAddress");

  /** Classes of which every method runs per packet, and the methods of them that do not. */
  private static final Map<String, Set<String>> PACKET_CLASSES =
      Map.ofEntries(
          // Once per burst and only after a change:
          Map.entry(WORKER + "ParseStage", Set.of("pickUpState")),
          Map.entry(WORKER + "Parser", Set.of()),
          Map.entry(WORKER + "StackIdentity", Set.of("forget", "toString", "equals", "hashCode")),
          Map.entry(WORKER + "LocalEnds", Set.of("pickUp", "portBits")),
          Map.entry(WORKER + "LookupStage", Set.of()),
          Map.entry(WORKER + "VerifyStage", Set.of()),
          Map.entry(WORKER + "CheckStage", Set.of()),
          Map.entry(WORKER + "TranslateStage", Set.of("last")),
          Map.entry(WORKER + "RewriteStage", Set.of()),
          Map.entry(WORKER + "FinishStage", Set.of()),
          Map.entry(WORKER + "HeaderRules", Set.of()),
          Map.entry(WORKER + "OuterIpv4", Set.of()),
          Map.entry(WORKER + "OuterIpv6", Set.of()),
          Map.entry(WORKER + "Pipeline", Set.of("stages")),
          Map.entry(WORKER + "Ecn", Set.of()),
          Map.entry(WORKER + "Codes", Set.of()),
          // Control path: the random secrets, and what every record has.
          Map.entry(TABLE + "Hashing", Set.of("random", "toString", "equals", "hashCode")),
          Map.entry(TABLE + "IndexView", Set.of("of")),
          Map.entry(TABLE + "StackTable$View", Set.of("toString", "equals", "hashCode")),
          Map.entry("io.culvert.spi.EncapKey", Set.of()),
          // For messages:
          Map.entry("io.culvert.spi.Match", Set.of("innerType", "describe")),
          Map.entry(WIRE + "Wire", Set.of()),
          Map.entry(WIRE + "EthernetHeader", Set.of()),
          Map.entry(WIRE + "Ipv4Header", Set.of()),
          Map.entry(WIRE + "Ipv6Header", Set.of()),
          Map.entry(WIRE + "TcpHeader", Set.of()),
          Map.entry(WIRE + "UdpHeader", Set.of()),
          Map.entry(WIRE + "InternetChecksum", Set.of()));

  /** Classes of which some methods run per packet. */
  private static final Map<String, Set<String>> PACKET_METHODS =
      Map.ofEntries(
          Map.entry(TABLE + "StackTable", Set.of("digest")),
          Map.entry(TABLE + "Translation", Set.of("header", "transport", "turned", "turnedPorts")),
          Map.entry(TABLE + "TemplateStore", Set.of("at")),
          Map.entry(TABLE + "TcpState", Set.of("edge")),
          Map.entry(TABLE + "EntryCounters", Set.of("add")),
          Map.entry(TABLE + "FlowStore", Set.of("view")),
          Map.entry(TABLE + "GrowingIndex", Set.of("view")),
          Map.entry(TABLE + "SequenceStore", Set.of("next", "accept")),
          Map.entry(TABLE + "Bursts", Set.of("enter", "leave", "pass", "busy")),
          Map.entry(
              TABLE + "FlowIndex",
              Set.of("first", "second", "tags", "candidates", "zeros", "slot")),
          Map.entry(
              TABLE + "TemplateOperation",
              Set.of("kind", "offset", "flags", "from", "baseSum", "sourcePort")),
          Map.entry(
              TABLE + "RxProgram",
              Set.of("headerLength", "size", "kind", "has", "first", "second", "priorityOf")),
          Map.entry(
              TABLE + "PacketState",
              Set.of(
                  "portsWord",
                  "layerWord",
                  "endpoint4",
                  "endpointHash",
                  "endpointMark6",
                  "endpointRow6",
                  "slotOfPort",
                  "udpKey",
                  "acquire")));

  private static final int MOST_BYTECODES = 325;

  /** Set-up: constructors, initialisers, and the constants of a hidden class. */
  private static final Set<String> SET_UP = Set.of("<init>", "<clinit>", "constants", "table");

  @Test
  void shouldLookAtTheWholeOfBothModules() {
    assertThat(API.stream().map(ClassFiles::name))
        .contains("module-info", "io.culvert.spi.Attribute$Number", WIRE + "Wire")
        .hasSizeGreaterThan(60);
    assertThat(FLOWTABLE.stream().map(ClassFiles::name))
        .contains("module-info", WORKER + "ParseStage", TABLE + "StackTable$View")
        .hasSizeGreaterThan(60)
        .noneMatch(name -> name.endsWith("Test") || name.contains(".fixture."));
  }

  @Test
  void shouldNameNoEncapsulationInApiAndFlowtable() {
    Map<String, List<String>> found = new TreeMap<>();
    for (List<ClassModel> module : List.of(API, FLOWTABLE)) {
      module.forEach(model -> put(found, model, ClassFiles.encapsulationsNamed(model)));
    }
    assertThat(found).isEmpty();
  }

  private static void put(Map<String, List<String>> found, ClassModel model, List<String> what) {
    if (!what.isEmpty()) {
      found.put(ClassFiles.name(model), what);
    }
  }

  @Test
  void control_shouldSeeAnEncapsulationNamedInAnyWay() {
    for (Class<?> offender :
        List.of(
            Offenders.NamesAsString.class,
            Offenders.NamesAsIdentifier.class,
            Offenders.PppoeSession.class)) {
      assertThat(ClassFiles.encapsulationsNamed(ClassFiles.of(offender)))
          .as("%s", offender)
          .isNotEmpty();
    }
    // The letters alone do not make the name: egress, aggregate, progress.
    assertThat(ClassFiles.encapsulationsNamed(ClassFiles.of(Offenders.NamesNothing.class)))
        .isEmpty();
  }

  @Test
  void shouldKeepVavrOutOfWorkerTableAndTheHotHalfOfWire() {
    Map<String, List<String>> found = new TreeMap<>();
    FLOWTABLE.stream()
        .filter(model -> isIn(model, WORKER) || isIn(model, TABLE))
        .forEach(model -> put(found, model, ClassFiles.references(model, "io.vavr")));
    API.stream()
        .filter(model -> isIn(model, WIRE))
        .filter(model -> !WIRE_VALUES.contains(ClassFiles.name(model).substring(WIRE.length())))
        .forEach(model -> put(found, model, ClassFiles.references(model, "io.vavr")));
    assertThat(found).isEmpty();
  }

  private static boolean isIn(ClassModel model, String packageWithDot) {
    return ClassFiles.name(model).startsWith(packageWithDot);
  }

  @Test
  void control_shouldSeeAReferenceToVavr() {
    assertThat(ClassFiles.references(ClassFiles.of(Offenders.UsesVavr.class), "io.vavr"))
        .isNotEmpty();
    assertThat(API.stream().filter(model -> !ClassFiles.references(model, "io.vavr").isEmpty()))
        .isNotEmpty();
  }

  @Test
  void shouldKeepApiFreeOfTheModulesAboveItAndFlowtableOfThoseAboveIt() {
    Map<String, List<String>> found = new TreeMap<>();
    for (String above : List.of("testkit", "bench", "encap", "examples")) {
      API.forEach(model -> put(found, model, ClassFiles.references(model, "io.culvert." + above)));
      FLOWTABLE.forEach(
          model -> put(found, model, ClassFiles.references(model, "io.culvert." + above)));
    }
    API.forEach(model -> put(found, model, ClassFiles.references(model, "io.culvert.flowtable")));
    assertThat(found).isEmpty();
  }

  @Test
  void control_shouldSeeAReferenceToFlowtable() {
    ClassModel offender = ClassFiles.of(Offenders.UsesFlowtable.class);
    assertThat(ClassFiles.references(offender, "io.culvert.flowtable.registry")).isNotEmpty();
  }

  @Test
  void shouldNeitherAllocateNorLockNorThrowNorStoreReferencesPerPacket() {
    Map<String, List<String>> found = new TreeMap<>();
    int methods = 0;
    for (List<ClassModel> module : List.of(API, FLOWTABLE)) {
      for (ClassModel model : module) {
        for (MethodModel method : model.methods()) {
          if (runsPerPacket(ClassFiles.name(model), method.methodName().stringValue())) {
            methods++;
            List<String> wrong = ClassFiles.notForPackets(method);
            if (!wrong.isEmpty()) {
              found.put(ClassFiles.name(model) + "." + method.methodName(), wrong);
            }
          }
        }
      }
    }
    assertThat(found).isEmpty();
    assertThat(methods).isGreaterThan(120);
  }

  /**
   * HotSpot inlines no method of more than 325 bytes of bytecode (FreqInlineSize), however hot its
   * call is: a call stays, and what it is given is no longer a constant.
   */
  @Test
  void shouldKeepEveryPacketMethodWithinTheLimitOfInlining() {
    Map<String, Integer> found = new TreeMap<>();
    int largest = 0;
    for (List<ClassModel> module : List.of(API, FLOWTABLE)) {
      for (ClassModel model : module) {
        for (MethodModel method : model.methods()) {
          String name = method.methodName().stringValue();
          int bytes = ClassFiles.bytecodes(method);
          if (runsPerPacket(ClassFiles.name(model), name)) {
            largest = Math.max(largest, bytes);
            if (bytes > MOST_BYTECODES) {
              found.put(ClassFiles.name(model) + "." + name, bytes);
            }
          }
        }
      }
    }
    assertThat(found).isEmpty();
    assertThat(largest).as("the check sees bytes").isGreaterThan(200);
  }

  private static boolean runsPerPacket(String type, String method) {
    if (SET_UP.contains(method)) {
      return false;
    }
    return PACKET_CLASSES.containsKey(type)
        ? !PACKET_CLASSES.get(type).contains(method)
        : PACKET_METHODS.containsKey(type) && PACKET_METHODS.get(type).contains(method);
  }

  /** The lists above name what is there: a renamed class or method would drop out unseen. */
  @Test
  void shouldFindEveryClassAndMethodThatTheListsName() {
    Map<String, Set<String>> methods = new TreeMap<>();
    for (List<ClassModel> module : List.of(API, FLOWTABLE)) {
      for (ClassModel model : module) {
        Set<String> names = new java.util.TreeSet<>();
        model.methods().forEach(method -> names.add(method.methodName().stringValue()));
        methods.put(ClassFiles.name(model), names);
      }
    }
    for (Map<String, Set<String>> list : List.of(PACKET_CLASSES, PACKET_METHODS)) {
      list.forEach((type, names) -> assertThat(methods.get(type)).as(type).containsAll(names));
    }
    assertThat(methods.keySet().stream().filter(name -> name.endsWith("Stage")))
        .allMatch(name -> PACKET_CLASSES.containsKey(name) || name.equals(WORKER + "Stage"));
  }

  @Test
  void control_shouldSeeEverythingThatAPacketMethodMustNotDo() {
    for (MethodModel method : ClassFiles.of(Offenders.PacketMethods.class).methods()) {
      String name = method.methodName().stringValue();
      if (!SET_UP.contains(name) && !name.startsWith("lambda$")) {
        assertThat(ClassFiles.notForPackets(method)).as(name).isNotEmpty();
      }
    }
    for (MethodModel method : ClassFiles.of(Offenders.Innocent.class).methods()) {
      if (!SET_UP.contains(method.methodName().stringValue())) {
        assertThat(ClassFiles.notForPackets(method)).isEmpty();
      }
    }
  }
}
