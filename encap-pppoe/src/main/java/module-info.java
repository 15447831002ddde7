import io.culvert.encap.pppoe.PppoeProvider;
import io.culvert.spi.EncapProvider;

/** PPP over Ethernet: RFC 2516. */
module io.culvert.encap.pppoe {
  requires transitive io.culvert.api;

  exports io.culvert.encap.pppoe;

  provides EncapProvider with
      PppoeProvider;
}
