package io.culvert.testkit.scenario;

import io.culvert.spi.Attribute;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.Settings;
import io.culvert.spi.Value;
import io.culvert.testkit.codec.PlainCodec;
import io.culvert.testkit.codec.PlainCodecs;
import io.culvert.wire.IpAddress;
import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import io.vavr.control.Validation;
import java.util.ArrayList;

/** Reads what stands behind {@code type}: the providers' words, and those of types out of scope. */
final class TunnelFactory {
  /** Types that ip(8) knows, none of which need have a provider. */
  private static final List<String> KNOWN_TYPES =
      List.of(
          "amt",
          "bareudp",
          "bond",
          "bridge",
          "dsa",
          "dummy",
          "erspan",
          "geneve",
          "gre",
          "gretap",
          "gtp",
          "hsr",
          "ifb",
          "ip6erspan",
          "ip6gre",
          "ip6gretap",
          "ip6tnl",
          "ipip",
          "ipoib",
          "ipvlan",
          "ipvtap",
          "l2tp",
          "macsec",
          "macvlan",
          "macvtap",
          "netdevsim",
          "netkit",
          "nlmon",
          "ppp",
          "rmnet",
          "sit",
          "team",
          "tun",
          "vcan",
          "veth",
          "vlan",
          "vrf",
          "vti",
          "vti6",
          "vxcan",
          "vxlan",
          "wireguard",
          "xfrm");

  private static final int UDP_HEADER = 8;
  private static final int ETHERNET_HEADER = 14;
  private static final int DEFAULT_MTU = 1500;
  private static final int LEAST_MTU = 68;

  private final Seq<EncapProvider> providers;

  TunnelFactory(Seq<EncapProvider> providers) {
    this.providers = providers;
  }

  ScenarioDevice read(Words words, ScenarioDevice device, ScenarioBuilder router) {
    Token type = words.peek();
    Option<Tuple2<EncapProvider, LinkType>> served =
        List.ofAll(providers)
            .flatMap(p -> p.linkTypes().map(t -> Tuple.of(p, t)))
            .find(t -> t._2.name().equals(type.text()));
    if (served.isDefined()) {
      words.take();
      return served(words, type, device, served.get()._1, served.get()._2, router);
    }
    if (!KNOWN_TYPES.contains(type.text())) {
      Seq<String> names = providers.flatMap(EncapProvider::linkTypes).map(LinkType::name);
      throw words.unexpected(KNOWN_TYPES.appendAll(names).distinct().sorted());
    }
    words.take();
    return device.outOfScope(
        "type " + type.text() + " has no provider", words.rest().prepend(type.text()));
  }

  private static ScenarioDevice served(
      Words words,
      Token type,
      ScenarioDevice device,
      EncapProvider provider,
      LinkType linkType,
      ScenarioBuilder router) {
    // A scenario means Linux, which fills the outer ECN field after RFC 3168.
    Settings settings = Settings.of(linkType.name()).with("ecn", "rfc3168");
    if (device.link().isDefined()) {
      settings = settings.with("link", device.link().get());
    }
    java.util.List<String> written = new ArrayList<>();
    written.add(type.text());
    Map<String, String> said = HashMap.empty();
    while (!words.isAtEnd()) {
      Token word = words.peek();
      Attribute attribute = attribute(words, linkType);
      Option<String> before = said.get(attribute.word());
      if (!before.forAll(word.text()::equals)) {
        throw Words.mistake(word, "no " + before.get() + " before it, which means the same");
      }
      said = said.put(attribute.word(), word.text());
      written.add(attribute.word());
      settings = settings.with(attribute.field(), value(words, attribute, router, written));
    }
    ScenarioDevice made =
        device.withSettings(settings).withEthernet(linkType.layer() == LinkType.Layer.L2);
    return finish(type, made, provider, linkType, router, written);
  }

  private static Attribute attribute(Words words, LinkType type) {
    Option<Attribute> attribute = type.attribute(words.peek().text());
    if (attribute.isEmpty()) {
      throw words.unexpected(List.ofAll(type.words()));
    }
    words.take();
    return attribute.get();
  }

  private static Value value(
      Words words, Attribute attribute, ScenarioBuilder router, java.util.List<String> written) {
    if (!attribute.takesValue()) {
      return attribute.read("").get();
    }
    if (attribute instanceof Attribute.DeviceName) {
      String name = DeviceName.known(words, router);
      written.add(name);
      return new Value.Word(name);
    }
    Token token = words.take(attribute.expected());
    String text = token.text();
    for (int taken = 1; !words.isAtEnd() && attribute.takes(taken, words.peek().text()); taken++) {
      text += " " + words.take().text();
    }
    written.addAll(java.util.List.of(text.split(" ")));
    String read = text;
    return attribute.read(read).getOrElseThrow(() -> Words.mistake(token, attribute.expected()));
  }

  /** The provider decides whether the settings make a tunnel. */
  private static ScenarioDevice finish(
      Token type,
      ScenarioDevice device,
      EncapProvider provider,
      LinkType linkType,
      ScenarioBuilder router,
      java.util.List<String> written) {
    Seq<InnerType> inner = provider.capabilities().map(c -> c.inner()).distinct();
    Seq<Tuple2<InnerType, Validation<Seq<EncapError>, EncapTuple>>> tuples =
        inner.map(i -> Tuple.of(i, provider.tuple(device.settings(), i, Direction.TRANSMIT)));
    Option<Tuple2<InnerType, EncapTuple>> good =
        List.ofAll(tuples).find(t -> t._2.isValid()).map(t -> t.map2(Validation::get));
    if (good.isDefined()) {
      return device.withMtu(mtu(device, provider, linkType, good.get(), router));
    }
    Seq<EncapError> errors = tuples.flatMap(t -> t._2.getError()).distinct();
    Seq<EncapError> wrong = errors.reject(EncapError::isOutOfScope);
    if (wrong.nonEmpty()) {
      throw new ScenarioMistake(type, wrong.map(EncapError::message).mkString("; "), List.empty());
    }
    // What is said of one inner type alone is no reason: another one might have gone.
    Seq<EncapError> common = errors.filter(e -> tuples.forAll(t -> t._2.getError().contains(e)));
    Seq<EncapError> why = common.isEmpty() ? errors : common;
    return device.outOfScope(why.map(EncapError::message).mkString("; "), List.ofAll(written));
  }

  /**
   * As Linux's {@code ip_tunnel_bind_dev}: the MTU of the device that the route to the remote
   * leaves by now, less the headers; later changes below have no effect.
   */
  private static int mtu(
      ScenarioDevice device,
      EncapProvider provider,
      LinkType linkType,
      Tuple2<InnerType, EncapTuple> tuple,
      ScenarioBuilder router) {
    int shim = provider.shim(tuple._2, tuple._1).map(s -> s.length()).getOrElse(0);
    int innerHeader = linkType.layer() == LinkType.Layer.L2 ? ETHERNET_HEADER : 0;
    int overhead =
        switch (tuple._2.carrier()) {
          // A tag stays below the IP MTU: devices take frames that are longer by it.
          case Carrier.EtherTypeCarrier _ -> innerHeader == 0 ? shim : 0;
          case Carrier.IpProtocolCarrier c -> c.family().headerLength() + shim + innerHeader;
          case Carrier.UdpPortCarrier c ->
              c.family().headerLength() + UDP_HEADER + shim + innerHeader;
        };
    boolean asksRoute =
        tuple._2.device().isDefined()
            || PlainCodecs.naive(provider, linkType.name()).forAll(PlainCodec::hasMtuOfRoute);
    Option<ScenarioDevice> below =
        tuple
            ._2
            .addresses()
            .filter(_ -> asksRoute)
            .flatMap(a -> underlay(a.destination(), tuple._2.device(), router))
            .orElse(() -> tuple._2.device().orElse(device.link()).flatMap(router::find));
    return below.isEmpty() && !asksRoute
        ? DEFAULT_MTU
        : Math.max(below.map(ScenarioDevice::mtu).getOrElse(DEFAULT_MTU) - overhead, LEAST_MTU);
  }

  private static Option<ScenarioDevice> underlay(
      IpAddress remote, Option<String> device, ScenarioBuilder router) {
    Scenario now = router.build();
    RouteTable.Result route =
        new RouteTable(now)
            .output(remote, device.flatMap(now::device).map(ScenarioDevice::ifindex));
    return route.kind() == RouteTable.Kind.UNICAST ? now.device(route.ifindex()) : Option.none();
  }
}
