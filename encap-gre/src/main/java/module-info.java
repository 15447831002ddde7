import io.culvert.encap.gre.GreProvider;
import io.culvert.spi.EncapProvider;

/** GRE: RFC 2784 and RFC 2890. */
module io.culvert.encap.gre {
  requires transitive io.culvert.api;

  exports io.culvert.encap.gre;

  provides EncapProvider with
      GreProvider;
}
