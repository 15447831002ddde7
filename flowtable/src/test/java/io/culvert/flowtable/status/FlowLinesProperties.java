package io.culvert.flowtable.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.culvert.flowtable.Flow;
import io.culvert.flowtable.FlowCounters;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.path.ForwardPath;
import io.culvert.spi.Carrier;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.Shim;
import io.culvert.wire.IpAddress;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.control.Option;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What a parser reads out of the lines is what went in, whatever names and numbers there are. */
class FlowLinesProperties {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final Pattern TEXT_LAYER = Pattern.compile("/([^#/]+)#(\\d+)\\(([^)]*)\\)");

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMinLength(1).ofMaxLength(8),
        Arbitraries.of(
            "eth0.100",
            "a b",
            "a=b",
            "\"\\",
            "\n\t\u0000\u007f",
            "\ud83d\ude00",
            "\ud83d",
            "\ude00x",
            "é",
            "a/b#c(d)",
            "%41"));
  }

  private static IpAddress address(long high, long low, boolean isV6) {
    return isV6 ? new Ipv6Address(high, low) : new Ipv4Address((int) low);
  }

  @Provide
  Arbitrary<FlowStatus> statuses() {
    Arbitrary<Long> longs = Arbitraries.longs();
    Arbitrary<Long> counts = Arbitraries.longs().greaterOrEqual(0);
    Arbitrary<Integer> ports = Arbitraries.integers().between(0, 65535);
    Arbitrary<FlowTuple> tuples =
        Combinators.combine(
                longs,
                longs,
                longs,
                longs,
                ports,
                ports,
                Arbitraries.of(6, 17),
                Arbitraries.of(true, false))
            .as((a, b, c, d, from, to, protocol, isV6) ->
                new FlowTuple(address(a, b, isV6), address(c, d, isV6), protocol, from, to));
    Arbitrary<Flow> flows =
        Combinators.combine(tuples, ways(), ways(), Arbitraries.longs().between(0, 2_000_000_000))
            .as((tuple, out, back, timeout) ->
                new Flow(tuple, reply(tuple, timeout), 1, out, back, Duration.ofMillis(timeout)));
    Arbitrary<FlowCounters> counters =
        Combinators.combine(counts, counts, counts, counts).as(FlowCounters::new);
    Arbitrary<Option<Integer>> workers =
        Arbitraries.integers().greaterOrEqual(0).optional().map(Option::ofOptional);
    return Combinators.combine(
            flows,
            counters,
            Arbitraries.of("valid", "closing", "stale"),
            Arbitraries.integers(),
            counts,
            counts,
            workers)
        .as((flow, counted, state, generation, age, idle, worker) ->
            new FlowStatus(
                flow,
                counted,
                !state.equals("stale"),
                state.equals("closing"),
                flow.idleTimeout().toMillis(),
                generation,
                age,
                idle,
                worker));
  }

  /** Every other one is translated. */
  private static FlowTuple reply(FlowTuple tuple, long random) {
    FlowTuple reply = tuple.reversed();
    return random % 2 == 0
        ? reply
        : new FlowTuple(
            reply.source(),
            address(random, random, tuple.source() instanceof Ipv6Address),
            reply.protocol(),
            reply.sourcePort(),
            (int) (random & 0xffff));
  }

  private Arbitrary<ForwardPath> ways() {
    return Combinators.combine(
            layers().list().ofMaxSize(3), names(), Arbitraries.integers().between(1, 65535))
        .as((layers, port, ifindex) ->
            new ForwardPath(
                List.ofAll(layers),
                ifindex,
                port,
                new MacAddress(1),
                new MacAddress(2),
                InnerType.IPV4,
                1500));
  }

  private Arbitrary<ForwardPath.Layer> layers() {
    Arbitrary<Carrier> carriers =
        Arbitraries.of(
            Carrier.etherType(0x8100),
            Carrier.etherTypeByPeer(0x8864),
            Carrier.ipProtocol(io.culvert.wire.IpFamily.V4, 4),
            Carrier.udpPort(io.culvert.wire.IpFamily.V6, 4789));
    return Combinators.combine(
            names(),
            names(),
            Arbitraries.longs().list().ofMaxSize(3),
            carriers,
            Arbitraries.integers().between(1, 65535))
        .as((device, provider, words, carrier, ifindex) -> {
          EncapTuple transmit = tuple(provider, words, carrier, 1);
          EncapTuple receive = tuple(provider, words, carrier, 2);
          return new ForwardPath.Layer(
              ifindex,
              device,
              transmit,
              receive,
              Shim.EMPTY,
              Shim.EMPTY,
              InnerType.IPV4,
              Option.none());
        });
  }

  private static EncapTuple tuple(
      String provider, java.util.List<Long> words, Carrier carrier, int end) {
    Option<EncapTuple.Addresses> ends =
        switch (carrier) {
          case Carrier.EtherTypeCarrier _ -> Option.none();
          case Carrier.IpProtocolCarrier _ ->
              Option.some(new EncapTuple.Addresses(new Ipv4Address(end), new Ipv4Address(3 - end)));
          case Carrier.UdpPortCarrier _ ->
              Option.some(
                  new EncapTuple.Addresses(new Ipv6Address(1, end), new Ipv6Address(1, 3 - end)));
        };
    boolean byPeer = carrier instanceof Carrier.EtherTypeCarrier(int _, boolean wanted) && wanted;
    return new EncapTuple(
        provider,
        carrier,
        ends,
        List.ofAll(words),
        OuterPolicy.DEFAULT,
        Option.none(),
        List.of(InnerType.IPV4),
        Option.when(byPeer, new MacAddress(0x0200_0000_0000L + end)));
  }

  /** Lone surrogates are no text: a question mark of Unicode takes their place. */
  private static String asText(String name) {
    StringBuilder text = new StringBuilder();
    name.codePoints()
        .map(c -> c >= 0xd800 && c <= 0xdfff ? 0xfffd : c)
        .forEach(text::appendCodePoint);
    return text.toString();
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void shouldBeReadByAJsonParserAsWritten(@ForAll("statuses") FlowStatus status)
      throws JsonProcessingException {
    String line = FlowJson.line(status);
    assertThat(line).matches("[ -~]*");
    JsonNode json = JSON.readTree(line);
    Flow flow = status.flow();
    assertThat(json.get("protocol").asText())
        .isEqualTo(flow.tuple().protocol() == 6 ? "tcp" : "udp");
    assertThat(json.get("translated").isBoolean()).isTrue();
    assertThat(json.get("translated").asBoolean())
        .isEqualTo(!flow.replyTuple().equals(flow.tuple().reversed()));
    assertThat(json.get("generation").asLong()).isEqualTo(status.generation() & 0xffff_ffffL);
    assertThat(json.get("ageMs").asLong()).isEqualTo(status.ageMs());
    assertThat(json.get("idleMs").asLong()).isEqualTo(status.idleMs());
    assertThat(json.get("state").asText())
        .isIn(status.isValid() ? Set.of("valid", "closing") : Set.of("stale"));
    assertThat(json.get("state").asText().equals("closing"))
        .isEqualTo(status.isValid() && status.isClosing());
    assertThat(json.get("worker").isNull()).isEqualTo(status.worker().isEmpty());
    status.worker().forEach(worker -> assertThat(json.get("worker").asInt()).isEqualTo(worker));
    long timeout = flow.idleTimeout().toMillis();
    assertThat(json.get("timeoutLeftMs").isNull()).isEqualTo(timeout == 0);
    assertThat(json.get("timeoutLeftMs").asLong())
        .isEqualTo(Math.max(0, timeout - status.idleMs()));
    FlowCounters counters = status.counters();
    direction(
        json.get("original"), flow.tuple(), counters.originalPackets(), counters.originalBytes());
    direction(json.get("reply"), flow.replyTuple(), counters.replyPackets(), counters.replyBytes());
    way(json.at("/original/in"), flow.reply(), ForwardPath.Layer::receive);
    way(json.at("/original/out"), flow.original(), ForwardPath.Layer::transmit);
    way(json.at("/reply/in"), flow.original(), ForwardPath.Layer::receive);
    way(json.at("/reply/out"), flow.reply(), ForwardPath.Layer::transmit);
  }

  private static void direction(JsonNode json, FlowTuple tuple, long packets, long bytes) {
    assertThat(IpAddress.parse(json.get("source").asText()).get()).isEqualTo(tuple.source());
    assertThat(IpAddress.parse(json.get("destination").asText()).get())
        .isEqualTo(tuple.destination());
    assertThat(json.get("sourcePort").asInt()).isEqualTo(tuple.sourcePort());
    assertThat(json.get("destinationPort").asInt()).isEqualTo(tuple.destinationPort());
    assertThat(json.get("packets").asLong()).isEqualTo(packets);
    assertThat(json.get("bytes").asLong()).isEqualTo(bytes);
  }

  private static void way(
      JsonNode json,
      ForwardPath path,
      java.util.function.Function<ForwardPath.Layer, EncapTuple> side) {
    assertThat(json.get("port").asText()).isEqualTo(asText(path.portName()));
    assertThat(json.get("ifindex").asInt()).isEqualTo(path.port());
    assertThat(json.get("stack").size()).isEqualTo(path.layers().size());
    for (int n = 0; n < path.layers().size(); n++) {
      JsonNode layer = json.get("stack").get(n);
      EncapTuple tuple = side.apply(path.layers().get(n));
      assertThat(layer.get("device").asText()).isEqualTo(asText(path.layers().get(n).device()));
      assertThat(layer.get("encap").asText()).isEqualTo(asText(tuple.provider()));
      assertThat(layer.has("source")).isEqualTo(tuple.addresses().isDefined());
      tuple
          .addresses()
          .forEach(
              ends -> assertThat(layer.get("source").asText()).isEqualTo(ends.source().toString()));
      assertThat(layer.path("peer").asText(""))
          .isEqualTo(tuple.peer().map(MacAddress::toString).getOrElse(""));
      assertThat(List.ofAll(layer.get("words")).map(word -> Long.parseUnsignedLong(word.asText())))
          .isEqualTo(tuple.words().toList());
    }
  }

  /** A line splits at spaces into words, and each word at its first equals sign. */
  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void shouldSplitIntoWordsWhateverTheNames(@ForAll("statuses") FlowStatus status) {
    String line = FlowText.line(status);
    assertThat(line).matches("[!-~]+( [!-~]+)*");
    java.util.List<String> words = java.util.List.of(line.split(" "));
    assertThat(words.stream().skip(3).map(word -> word.substring(0, word.indexOf('='))))
        .containsExactly(
            "src",
            "dst",
            "sport",
            "dport",
            "packets",
            "bytes",
            "in",
            "out",
            "mtu",
            "src",
            "dst",
            "sport",
            "dport",
            "packets",
            "bytes",
            "in",
            "out",
            "mtu",
            "state",
            "generation",
            "age",
            "idle",
            "timeout",
            "worker");
    String out = words.get(3 + 7).substring("out=".length());
    java.util.List<String> devices =
        TEXT_LAYER.matcher(out).results().map(layer -> decoded(layer.group(1))).toList();
    assertThat(devices)
        .isEqualTo(
            status.flow().original().layers().map(layer -> utf8(layer.device())).toJavaList());
  }

  private static String decoded(String name) {
    return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String utf8(String name) {
    return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
