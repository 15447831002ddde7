package io.culvert.flowtable;

import io.culvert.path.PathError;
import io.culvert.spi.EncapError;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.IpPrefix;
import io.vavr.collection.Seq;

/** Why a flow stays on the slow path: the facts as values, a sentence only when printed. */
public sealed interface OffloadError {
  /** One sentence. */
  String message();

  /**
   * Lower-case words with hyphens, fit to be a metric label; never changes for a reason once
   * published. {@code docs/reasons.md} lists them all.
   */
  default String label() {
    return Labels.hyphenated(getClass().getSimpleName());
  }

  /**
   * A protocol that has no flows.
   *
   * @param family version of the IP header
   * @param protocol IP protocol
   * @param withoutPorts the protocols of this family that have, besides TCP and UDP
   */
  record Protocol(IpFamily family, int protocol, Seq<Integer> withoutPorts)
      implements OffloadError {
    @Override
    public String message() {
      return "protocol "
          + protocol
          + " is not offloaded over "
          + (family == IpFamily.V4 ? "IPv4" : "IPv6")
          + "; expected 6 (TCP)"
          + (withoutPorts.isEmpty()
              ? " or 17 (UDP)"
              : withoutPorts.mkString(", 17 (UDP) or, without ports, ", ", ", ""));
    }
  }

  /**
   * Ports of a protocol that has none.
   *
   * @param protocol IP protocol
   * @param sourcePort the source port, or what stands for it
   * @param destinationPort the destination port
   */
  record Ports(int protocol, int sourcePort, int destinationPort) implements OffloadError {
    @Override
    public String message() {
      return "protocol "
          + protocol
          + " has no ports: expected 0 and 0, got "
          + sourcePort
          + " and "
          + destinationPort;
    }
  }

  /**
   * A translation into another IP version or protocol.
   *
   * @param tuple the original direction's tuple
   * @param replyTuple the reply direction's
   */
  record Untranslatable(FlowTuple tuple, FlowTuple replyTuple) implements OffloadError {
    @Override
    public String message() {
      return tuple
          + " is not translated to "
          + replyTuple.reversed()
          + "; expected the same IP version and protocol";
    }
  }

  /**
   * An address that is not another host's unicast address.
   *
   * @param address the address
   * @param kind what it is
   */
  record NotUnicast(IpAddress address, AddressKind kind) implements OffloadError {
    @Override
    public String message() {
      return address + " is " + kind.words();
    }

    @Override
    public String label() {
      return "address-" + kind.label();
    }
  }

  /**
   * No way out for a direction.
   *
   * @param direction "original" or "reply"; "way" if it is asked for by itself
   * @param error what is missing
   */
  record NoPath(String direction, PathError error) implements OffloadError {
    @Override
    public String message() {
      return direction + ": " + error.message();
    }

    @Override
    public String label() {
      return "path-" + Labels.hyphenated(error.getClass().getSimpleName());
    }
  }

  /**
   * The way's headers cannot be composed.
   *
   * @param direction "original" or "reply"; "way" if it is asked for by itself
   * @param error what stands against it
   */
  record NotComposable(String direction, EncapError error) implements OffloadError {
    @Override
    public String message() {
      return direction + ": " + error.message();
    }
  }

  /**
   * A port on the way is not a port of the table.
   *
   * @param port its name
   */
  record ForeignPort(String port) implements OffloadError {
    @Override
    public String message() {
      return port + " is not a port of the flow table";
    }
  }

  /**
   * The way back does not leave by the device that the flow came in by.
   *
   * @param source the flow's source
   * @param ingress name of the device that it came in by
   * @param egress name of the device that its route leads to
   */
  record Asymmetric(IpAddress source, String ingress, String egress) implements OffloadError {
    @Override
    public String message() {
      return "the flow came in by "
          + ingress
          + ", but the route to "
          + source
          + " leads to "
          + egress;
    }
  }

  /**
   * The flow would leave by the device that it came in by. The slow path forwards it, and owes its
   * sender a redirect (RFC 1812 §5.2.7.2, RFC 4861 §8.2), which the fast path cannot send.
   *
   * @param destination the flow's destination
   * @param device name of the device
   */
  record Hairpin(IpAddress destination, String device) implements OffloadError {
    @Override
    public String message() {
      return "the flow came in by " + device + ", and the route to " + destination + " leads back";
    }
  }

  /**
   * A way that was found before the policy, or a device on it, changed: find it again.
   *
   * @param direction "original" or "reply"
   */
  record StaleWay(String direction) implements OffloadError {
    @Override
    public String message() {
      return "the way of the " + direction + " direction is out of date";
    }
  }

  /**
   * Another flow has the key of one of the directions.
   *
   * @param tuple that direction's tuple
   */
  record KeyTaken(FlowTuple tuple) implements OffloadError {
    @Override
    public String message() {
      return "another flow has the key of " + tuple;
    }
  }

  /** Both directions would have one key. */
  record SelfConnected() implements OffloadError {
    @Override
    public String message() {
      return "both directions have the same key";
    }
  }

  /**
   * The slow path does something with each of the flow's packets that the fast path would not do.
   *
   * @param what what it does
   */
  record PerPacketPolicy(String what) implements OffloadError {
    @Override
    public String message() {
      return "the slow path has a policy for each packet: " + what;
    }
  }

  /**
   * Only flows seen both ways are taken.
   *
   * @param seen what was seen
   */
  record NotEstablished(FlowOffer.Seen seen) implements OffloadError {
    @Override
    public String message() {
      return "only flows seen both ways are taken; seen: " + Labels.hyphenated(seen.name());
    }
  }

  /**
   * More new flows from one source prefix than are taken.
   *
   * @param prefix the prefix
   * @param perSecond how many are taken
   */
  record TooManyNew(IpPrefix prefix, int perSecond) implements OffloadError {
    @Override
    public String message() {
      return "more than " + perSecond + " new flows a second from " + prefix;
    }
  }

  /**
   * A device has as many flows as it may have.
   *
   * @param ifindex its index
   * @param most how many
   */
  record OverQuota(int ifindex, long most) implements OffloadError {
    @Override
    public String message() {
      return "device " + ifindex + " has its " + most + " flows already";
    }
  }

  /**
   * Excluded by the embedder's own rule.
   *
   * @param word the rule in lower-case words with hyphens, part of the label
   */
  record Excluded(String word) implements OffloadError {
    /** Checks the word. */
    public Excluded {
      if (!word.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
        throw new IllegalArgumentException("excluded: word=" + word);
      }
    }

    @Override
    public String message() {
      return "excluded: " + word;
    }

    @Override
    public String label() {
      return "excluded-" + word;
    }
  }

  /**
   * A flow to restore that would have expired already.
   *
   * @param idleMs milliseconds since its last packet
   * @param timeoutMs milliseconds after which it expires
   */
  record Expired(long idleMs, long timeoutMs) implements OffloadError {
    @Override
    public String message() {
      return "idle for " + idleMs + " ms; it expires after " + timeoutMs + " ms";
    }
  }

  /**
   * The admission threw.
   *
   * @param thrown what it threw
   */
  record AdmissionFault(String thrown) implements OffloadError {
    @Override
    public String message() {
      return "admission threw " + thrown;
    }
  }

  /**
   * The table is full, and no flow was idle for long enough to make room.
   *
   * @param looks how many flows were looked at
   * @param leastIdleMs milliseconds for which one must have been idle
   */
  record NoneIdle(int looks, long leastIdleMs) implements OffloadError {
    @Override
    public String message() {
      return "no room: none of " + looks + " flows was idle for " + leastIdleMs + " ms";
    }
  }

  /**
   * The table is full.
   *
   * @param what flows, templates, or the index around one hash
   * @param most how many fit
   */
  record TableFull(String what, long most) implements OffloadError {
    @Override
    public String message() {
      return "no room: " + what + ", most " + most;
    }
  }
}
