import io.culvert.encap.ipip.IpipProvider;
import io.culvert.spi.EncapProvider;

/** IP in IP: RFC 2003, RFC 4213, RFC 2473. */
module io.culvert.encap.ipip {
  requires transitive io.culvert.api;

  exports io.culvert.encap.ipip;

  provides EncapProvider with
      IpipProvider;
}
