package io.culvert.flowtable.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.culvert.flowtable.status.FlowStatus.Direction;
import io.culvert.flowtable.status.FlowStatus.StackLayer;
import io.culvert.flowtable.status.FlowStatus.Way;
import io.culvert.spi.EncapTuple;
import io.culvert.wire.IpFamily;
import io.culvert.wire.IpProtocol;
import java.util.Locale;

/**
 * Flows as lines of text in the manner of {@code conntrack -L}: words with a space between them,
 * most of them {@code key=value}, in an order that does not change; first the original direction,
 * then, with the same keys, the reply direction. {@code docs/flow-dump.md} describes them.
 *
 * <p>A device's name has what is no letter, no digit and none of {@code . _ : + -} written as
 * {@code %XX}, so that a line always splits at its spaces.
 */
public final class FlowText {
  private static final String PLAIN = "._:+-";

  private FlowText() {}

  /** One flow, without the end of the line. */
  public static String line(FlowStatus status) {
    int protocol = status.flow().tuple().protocol();
    StringBuilder line =
        new StringBuilder(400)
            .append(status.flow().tuple().family() == IpFamily.V4 ? "ipv4 " : "ipv6 ")
            .append(protocolName(protocol))
            .append(' ')
            .append(status.timeoutLeftMs().map(FlowText::seconds).getOrElse("-"));
    direction(line, status.original(), status.flow().original().mtu());
    direction(line, status.reply(), status.flow().reply().mtu());
    return line.append(" state=")
        .append(status.state())
        .append(" generation=")
        .append(Integer.toUnsignedString(status.generation()))
        .append(" age=")
        .append(seconds(status.ageMs()))
        .append(" idle=")
        .append(seconds(status.idleMs()))
        .append(" timeout=")
        .append(seconds(status.flow().idleTimeout().toMillis()))
        .append(" worker=")
        .append(status.worker().map(String::valueOf).getOrElse("-"))
        .toString();
  }

  /** {@code tcp}, {@code udp}, or the number. */
  static String protocolName(int protocol) {
    return protocol == IpProtocol.TCP
        ? "tcp"
        : protocol == IpProtocol.UDP ? "udp" : String.valueOf(protocol);
  }

  private static void direction(StringBuilder line, Direction direction, int mtu) {
    line.append(" src=")
        .append(direction.tuple().source())
        .append(" dst=")
        .append(direction.tuple().destination())
        .append(" sport=")
        .append(direction.tuple().sourcePort())
        .append(" dport=")
        .append(direction.tuple().destinationPort())
        .append(" packets=")
        .append(direction.packets())
        .append(" bytes=")
        .append(direction.bytes())
        .append(" in=");
    way(line, direction.way());
    line.append(" out=");
    way(line, direction.wayOut());
    line.append(" mtu=").append(mtu);
  }

  private static void way(StringBuilder line, Way way) {
    device(line, way.port(), way.ifindex());
    for (StackLayer layer : way.stack()) {
      line.append('/');
      device(line, layer.device(), layer.ifindex());
      EncapTuple tuple = layer.tuple();
      line.append('(').append(name(tuple.provider()));
      tuple
          .addresses()
          .forEach(ends ->
              line.append(',').append(ends.source()).append('>').append(ends.destination()));
      tuple.peer().forEach(peer -> line.append(",peer:").append(peer));
      tuple.words().forEach(word -> line.append(',').append(Long.toUnsignedString(word)));
      line.append(')');
    }
  }

  private static void device(StringBuilder line, String device, int ifindex) {
    line.append(name(device)).append('#').append(ifindex);
  }

  private static String name(String name) {
    StringBuilder text = new StringBuilder();
    for (byte b : name.getBytes(UTF_8)) {
      char c = (char) (b & 0xff);
      boolean isPlain =
          (c >= '0' && c <= '9')
              || (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || PLAIN.indexOf(c) >= 0;
      if (isPlain) {
        text.append(c);
      } else {
        text.append(String.format(Locale.ROOT, "%%%02X", b & 0xff));
      }
    }
    return text.toString();
  }

  private static String seconds(long ms) {
    return String.format(Locale.ROOT, "%d.%03d", ms / 1000, ms % 1000);
  }
}
