import io.culvert.encap.vlan.VlanProvider;
import io.culvert.spi.EncapProvider;

/** VLAN tags: IEEE 802.1Q and 802.1ad. */
module io.culvert.encap.vlan {
  requires transitive io.culvert.api;

  exports io.culvert.encap.vlan;

  provides EncapProvider with
      VlanProvider;
}
