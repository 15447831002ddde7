package io.culvert.testkit.law;

import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.Sample;
import io.culvert.spi.Transit;
import io.culvert.wire.IpFamily;
import io.culvert.wire.IpProtocol;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/** Part of law 18: what a provider lets pass through as flows is what it claims to know. */
public final class TransitLaw {
  private static final Seq<Integer> WITH_PORTS = List.of(IpProtocol.TCP, IpProtocol.UDP);
  private static final Seq<Integer> EXTENSION_HEADERS = List.of(0, 43, 44, 51, 60);
  private static final int PAYLOAD = 40;

  private TransitLaw() {}

  /**
   * Law 18: {@link EncapProvider#transit} names each IP protocol once, only those that are carriers
   * of the provider's own devices, and none that has flows with ports or is an extension header;
   * and the packets of at least one of these devices are meant: a guard that none of them passes
   * has its bits in another order.
   *
   * @param samples devices of the provider
   */
  public static Option<Violation> law18TransitIsOfItsOwnPackets(
      EncapProvider provider, Seq<Sample> samples) {
    Seq<Transit> all;
    try {
      all = answered(provider);
    } catch (RuntimeException thrown) {
      return violation(provider, "transit()", "an answer", "it threw " + thrown);
    }
    for (Transit transit : all) {
      Seq<byte[]> packets = packets(provider, samples, transit);
      String wrong =
          isOurs(transit)
              ? "the framework reads this protocol itself"
              : all.count(other -> carrier(other).equals(carrier(transit))) > 1
                  ? "two answers for one protocol"
                  : packets.isEmpty()
                      ? "no device of its own has this carrier"
                      : packets.exists(transit::fits)
                          ? ""
                          : "no packet of its own fits: " + Violation.hex(packets.head());
      if (!wrong.isEmpty()) {
        return violation(
            provider, transit.toString(), "packets of devices of its own, said once", wrong);
      }
    }
    return Option.none();
  }

  @SuppressWarnings("ConstantValue") // A provider may be compiled without null checks.
  private static Seq<Transit> answered(EncapProvider provider) {
    Seq<Transit> all = provider.transit();
    if (all == null) {
      throw new IllegalStateException("null returned");
    }
    return all;
  }

  private static boolean isOurs(Transit transit) {
    return WITH_PORTS.contains(transit.protocol())
        || (transit.family() == IpFamily.V6 && EXTENSION_HEADERS.contains(transit.protocol()));
  }

  private static Carrier carrier(Transit transit) {
    return Carrier.ipProtocol(transit.family(), transit.protocol());
  }

  /** What stands behind the IP headers that the samples' devices send behind this carrier. */
  private static Seq<byte[]> packets(EncapProvider provider, Seq<Sample> samples, Transit transit) {
    return samples
        .map(sample ->
            new EncapSubject(
                provider, sample.settings(), sample.inner(), Direction.TRANSMIT, Option.none()))
        .flatMap(subject -> subject.layer().toOption())
        .filter(layer -> layer.tuple().carrier().equals(carrier(transit)))
        .map(layer -> layer.push(new byte[PAYLOAD]));
  }

  private static Option<Violation> violation(
      EncapProvider provider, String subject, String expected, String got) {
    return Option.some(
        Violation.byText(
            Law.REFUSAL,
            "provider " + provider.name() + ", " + subject,
            expected,
            got,
            "EncapProvider.transit"));
  }
}
