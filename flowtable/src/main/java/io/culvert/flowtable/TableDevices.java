package io.culvert.flowtable;

import io.culvert.flowtable.path.Underlay;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.table.PacketState;
import io.culvert.path.Device;
import io.culvert.path.Network;
import io.culvert.path.PathError;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.util.HashMap;
import java.util.Map;

/** The ports of a table, and the tunnel devices whose own ends it knows. */
final class TableDevices {
  private final EncapRegistry registry;
  private final Network network;
  private final PacketState state;
  private final Slots slots;
  private final Underlay underlay;
  private final Map<Integer, Seq<Slots.End>> tunnels = new HashMap<>();

  TableDevices(EncapRegistry registry, Network network, PacketState state, Slots slots) {
    this.registry = registry;
    this.network = network;
    this.state = state;
    this.slots = slots;
    underlay = new Underlay(network);
  }

  Either<PathError, Device.Port> addPort(int ifindex) {
    return device(ifindex)
        .flatMap(device ->
            device instanceof Device.Port real
                ? Either.right(real)
                : Either.left(new PathError.OutOfScope(device.name(), "it is no real port")))
        .peek(port -> {
          state.port(ifindex, port.address().bits());
          state.publish();
        });
  }

  void removePort(int ifindex) {
    state.port(ifindex, 0);
    state.publish();
  }

  Either<PathError, Device.Virtual> addTunnel(int ifindex) {
    removeTunnel(ifindex);
    return device(ifindex)
        .flatMap(device ->
            device instanceof Device.Virtual virtual
                ? useTunnel(virtual)
                : Either.left(new PathError.OutOfScope(device.name(), "it is no tunnel")));
  }

  private Either<PathError, Device.Virtual> useTunnel(Device.Virtual device) {
    String type = device.settings().linkType();
    return registry
        .providerOf(type)
        .toEither((PathError) new PathError.OutOfScope(device.name(), "no provider for " + type))
        .flatMap(provider -> slots.useTunnel(provider, device, underlay))
        .map(ends -> {
          tunnels.put(device.ifindex(), ends);
          state.publish();
          return device;
        });
  }

  /** True if the device was known. */
  boolean removeTunnel(int ifindex) {
    Seq<Slots.End> ends = tunnels.remove(ifindex);
    if (ends != null) {
      slots.releaseTunnel(ends);
      state.publish();
    }
    return ends != null;
  }

  private Either<PathError, Device> device(int ifindex) {
    return network
        .device(ifindex)
        .toEither((PathError) new PathError.NoDevice("with index " + ifindex));
  }
}
