package io.culvert.path;

import io.culvert.spi.EncapError;
import io.culvert.wire.IpAddress;
import io.vavr.collection.Seq;

/** Why there is no forward path: the facts as values, a sentence only when printed. */
public sealed interface PathError {
  /** One sentence. */
  String message();

  /**
   * No device has this index or name.
   *
   * @param device index or name
   */
  record NoDevice(String device) implements PathError {
    @Override
    public String message() {
      return "no device " + device;
    }
  }

  /**
   * A device on the way is down.
   *
   * @param device its name
   */
  record DeviceDown(String device) implements PathError {
    @Override
    public String message() {
      return "device " + device + " is down";
    }
  }

  /**
   * No route.
   *
   * @param destination to where
   * @param device the device that asked, or "any"
   */
  record NoRoute(IpAddress destination, String device) implements PathError {
    @Override
    public String message() {
      return "no route to " + destination + " for " + device;
    }
  }

  /**
   * A tunnel is not told its own address, and the route to its other end does not tell it either.
   *
   * @param device the tunnel's name
   * @param remote its other end
   */
  record NoSource(String device, IpAddress remote) implements PathError {
    @Override
    public String message() {
      return "device "
          + device
          + " has no local address, and the route to "
          + remote
          + " no source";
    }
  }

  /**
   * The next hop's MAC address is not known.
   *
   * @param nextHop the next hop
   * @param device where it should be
   */
  record NoNeighbour(IpAddress nextHop, String device) implements PathError {
    @Override
    public String message() {
      return "no neighbour " + nextHop + " on " + device;
    }
  }

  /**
   * The walk came back to a device.
   *
   * @param devices the devices in the order of the walk
   */
  record Loop(Seq<String> devices) implements PathError {
    @Override
    public String message() {
      return "the path loops: " + devices.mkString(" -> ");
    }
  }

  /**
   * Too many layers.
   *
   * @param devices the devices in the order of the walk
   * @param most how many layers are allowed
   */
  record TooDeep(Seq<String> devices, int most) implements PathError {
    @Override
    public String message() {
      return "more than " + most + " layers: " + devices.mkString(" -> ");
    }
  }

  /**
   * A device that has no fast path.
   *
   * @param device its name
   * @param why why not
   */
  record OutOfScope(String device, String why) implements PathError {
    @Override
    public String message() {
      return "device " + device + " is out of scope: " + why;
    }
  }

  /**
   * A provider refused a device on the way.
   *
   * @param device its name
   * @param errors the provider's reasons
   */
  record Refused(String device, Seq<EncapError> errors) implements PathError {
    @Override
    public String message() {
      return "device " + device + ": " + errors.map(EncapError::message).mkString("; ");
    }
  }

  /**
   * Nothing of use fits through.
   *
   * @param device the device with the limit
   * @param mtu what is left for the inner packet, in bytes
   * @param least what an IP packet needs, in bytes
   */
  record MtuTooSmall(String device, int mtu, int least) implements PathError {
    @Override
    public String message() {
      return "behind "
          + device
          + " only "
          + mtu
          + " bytes are left; expected "
          + least
          + " or more";
    }
  }
}
