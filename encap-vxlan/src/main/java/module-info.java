import io.culvert.encap.vxlan.VxlanProvider;
import io.culvert.spi.EncapProvider;

/** VXLAN: RFC 7348. */
module io.culvert.encap.vxlan {
  requires transitive io.culvert.api;

  exports io.culvert.encap.vxlan;

  provides EncapProvider with
      VxlanProvider;
}
