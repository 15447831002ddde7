package org.example.geneve;

import io.culvert.spi.Inheritable;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.OuterPolicy.DontFragment;
import io.culvert.spi.OuterPolicy.EcnMode;
import io.culvert.spi.OuterPolicy.Udp;
import io.culvert.spi.Settings;
import io.culvert.wire.IpFamily;

/** How a device's settings fill the outer headers, as Linux understands them. */
final class GenevePolicy {
  private static final int ROUTE_TTL = 64;
  private static final int INHERIT_TOS = 1;

  private GenevePolicy() {}

  static OuterPolicy of(Settings settings, IpFamily family) {
    long ttl = settings.number("ttl").getOrElse(0L);
    boolean inheritsTos =
        settings.word("tos").contains("inherit")
            || settings.number("tos").contains((long) INHERIT_TOS);
    return new OuterPolicy(
        settings.word("ttl").contains("inherit")
            ? Inheritable.INHERIT
            : Inheritable.fixed(ttl == 0 ? ROUTE_TTL : (int) ttl),
        inheritsTos
            ? Inheritable.INHERIT
            : Inheritable.fixed(settings.number("tos").getOrElse(0L).intValue()),
        switch (settings.word("df").getOrElse("unset")) {
          case "set" -> DontFragment.SET;
          case "inherit" -> DontFragment.INHERIT_OR_SET;
          default -> DontFragment.CLEAR;
        },
        settings.word("flowlabel").contains("inherit")
            ? Inheritable.INHERIT
            : Inheritable.fixed(settings.number("flowlabel").getOrElse(0L).intValue()),
        switch (settings.word("ecn").getOrElse("rfc6040")) {
          case "rfc3168" -> EcnMode.RFC3168;
          case "compatibility" -> EcnMode.COMPATIBILITY;
          default -> EcnMode.RFC6040;
        },
        udp(settings, family));
  }

  /** Over IPv4 Linux sends no checksum unless told to; over IPv6 one unless told not to. */
  private static Udp udp(Settings settings, IpFamily family) {
    boolean v4 = family == IpFamily.V4;
    return new Udp(
        Udp.DEFAULT.leastSourcePort(),
        Udp.DEFAULT.mostSourcePort(),
        v4 ? settings.flag("udpcsum", false) : !settings.flag("udp6zerocsumtx", false),
        v4 || settings.flag("udp6zerocsumrx", false));
  }
}
