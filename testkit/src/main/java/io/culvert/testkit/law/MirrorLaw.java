package io.culvert.testkit.law;

import io.culvert.spi.Direction;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.spi.RxCheck;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.Value;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Objects;

/**
 * Law 14, the provider's part: what we receive is what the other end sends.
 *
 * <p>The words of the directions may differ, as with one key in and another out: a receive tuple is
 * compared with the transmit tuple of the other end's settings, see {@link PeerSettings}.
 */
public final class MirrorLaw {
  private MirrorLaw() {}

  /** One direction's layer. */
  private record Way(EncapTuple tuple, Shim shim) {}

  /**
   * Law 14, one layer: both directions have one carrier, one device and one peer, and addresses
   * exchanged; what the other end sends has our receive tuple, and passes its checks.
   *
   * @param sample settings that work; others are not judged
   * @param payload an inner packet of the sample's inner type
   */
  public static Option<Violation> law14DirectionsMirror(
      EncapProvider provider, Sample sample, byte[] payload) {
    Either<String, Way> transmit = way(provider, sample, Direction.TRANSMIT);
    Either<String, Way> receive = way(provider, sample, Direction.RECEIVE);
    if (transmit.isLeft() && receive.isLeft()) {
      return Option.none();
    }
    String wrong =
        transmit.isLeft() || receive.isLeft()
            ? "only one direction works"
            : directions(sample.settings(), transmit.get().tuple(), receive.get().tuple());
    if (!wrong.isEmpty()) {
      return violation(provider, sample, transmit, receive, wrong);
    }
    Option<IpAddress> own = PeerSettings.told(sample.settings()).address("local");
    Option<Addresses> closed =
        receive.get().tuple().addresses().map(ends -> own.map(ends::closed).getOrElse(ends));
    Sample theirs = new Sample(PeerSettings.of(provider, sample.settings()), sample.inner());
    Either<String, Way> peer = way(provider, theirs, Direction.TRANSMIT);
    String differs =
        peer.fold(
            error -> "the other end's settings are refused: " + error,
            sends -> peer(sends, receive.get(), closed, payload));
    return differs.isEmpty()
        ? Option.none()
        : violation(
            provider, sample, peer, receive, differs + "; the other end: " + theirs.settings());
  }

  /**
   * Law 14, the other end: a tunnel over IP leads to somebody. Of each address of the settings,
   * left out or unspecified, none makes a layer whose destination on transmit is open: it would
   * take everybody's packets (CVE-2020-10136). The own end may be open.
   *
   * @param sample settings that work
   */
  public static Option<Violation> law14TheOtherEndIsSomebody(
      EncapProvider provider, Sample sample) {
    Seq<String> fields =
        List.ofAll(sample.settings().values())
            .filter(field -> field._2 instanceof Value.Ip)
            .map(field -> field._1);
    for (String field : fields) {
      boolean isV4 = sample.settings().address(field).get().family() == IpFamily.V4;
      IpAddress nobody = isV4 ? new Ipv4Address(0) : new Ipv6Address(0, 0);
      for (Settings settings :
          List.of(sample.settings().without(field), sample.settings().with(field, nobody))) {
        Sample open = new Sample(settings, sample.inner());
        Either<String, Way> way = way(provider, open, Direction.TRANSMIT);
        if (way.exists(
            w -> w.tuple().addresses().exists(ends -> ends.destination().isUnspecified()))) {
          return violation(provider, open, way, way, "a tunnel to nobody is one to anybody");
        }
      }
    }
    return Option.none();
  }

  /** What does not mirror; empty if all does. */
  private static String directions(Settings settings, EncapTuple transmit, EncapTuple receive) {
    if (!transmit.carrier().equals(receive.carrier())) {
      return "the carriers";
    }
    if (!transmit.addresses().map(EncapTuple.Addresses::reversed).equals(receive.addresses())) {
      return "the addresses, which receive has the other way round";
    }
    boolean isLocal =
        transmit
            .addresses()
            .forAll(ends ->
                settings
                    .address("local")
                    // An end left open may be said in either family.
                    .forAll(a ->
                        a.equals(ends.source())
                            || (a.isUnspecified() && ends.source().isUnspecified())));
    if (!isLocal) {
      return "the source on transmit, which is not 'local'";
    }
    if (!transmit.device().equals(receive.device())) {
      return "the devices";
    }
    boolean isPeer =
        Objects.equals(transmit.peer(), receive.peer())
            && transmit.peer().forAll(mac -> settings.mac("peer").forAll(mac::equals));
    return isPeer ? "" : "the peer, which is the other station in both directions";
  }

  /** What of the peer's packets is not as our receive side takes them; empty if all is. */
  private static String peer(Way sends, Way receives, Option<Addresses> closed, byte[] payload) {
    if (!sends.tuple().words().equals(receives.tuple().words())) {
      return "the words: the other end sends "
          + MatchProbe.text(sends.tuple().words())
          + ", we take "
          + MatchProbe.text(receives.tuple().words());
    }
    boolean isSame =
        sends.tuple().carrier().equals(receives.tuple().carrier())
            && sends
                .tuple()
                .addresses()
                .map(ends -> ends.closed(closed.get().source()))
                .equals(closed)
            && sends.shim().length() == receives.shim().length();
    if (!isSame || PlainPatches.problem(sends.shim()).isDefined()) {
      return "the carrier, the addresses, or the length of the shim";
    }
    Option<RxCheck> failed =
        PlainPatches.failed(receives.shim(), PlainPatches.push(sends.shim(), payload));
    return failed.map(check -> "a check of receipt, which refuses it: " + check).getOrElse("");
  }

  private static Either<String, Way> way(
      EncapProvider provider, Sample sample, Direction direction) {
    try {
      return provider
          .tuple(sample.settings(), sample.inner(), direction)
          .toEither()
          .mapLeft(MirrorLaw::text)
          .flatMap(tuple ->
              provider
                  .shim(tuple, sample.inner())
                  .bimap(EncapError::message, shim -> new Way(tuple, shim)));
    } catch (RuntimeException thrown) {
      // Law 18 says so.
      return Either.left("it threw " + thrown);
    }
  }

  private static String text(Seq<EncapError> errors) {
    return errors.map(EncapError::message).mkString("; ");
  }

  private static Option<Violation> violation(
      EncapProvider provider,
      Sample sample,
      Either<String, Way> sends,
      Either<String, Way> receives,
      String what) {
    return Option.some(
        Violation.byText(
            Law.MIRROR,
            new EncapSubject(provider, sample.settings(), sample.inner()).toString(),
            "the same carrier, device and peer; on transmit from local to remote, on receipt the"
                + " other way round; and what the other end sends",
            "transmit " + text(sends) + ", receive " + text(receives),
            "EncapProvider.tuple: " + what));
  }

  private static String text(Either<String, Way> way) {
    return way.fold(
        error -> "refused: " + error,
        w -> w.tuple() + " shim " + Violation.hex(w.shim().bytes()) + " " + w.shim().checks());
  }
}
