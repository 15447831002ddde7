package io.culvert.flowtable.status;

import io.culvert.flowtable.status.FlowStatus.Direction;
import io.culvert.flowtable.status.FlowStatus.StackLayer;
import io.culvert.flowtable.status.FlowStatus.Way;
import io.culvert.spi.EncapTuple;
import io.culvert.wire.IpFamily;

/**
 * Flows as JSON objects, one a line, ASCII only. The fields, their order and their units are those
 * of {@code docs/flow-dump.md}; fields may be added.
 */
public final class FlowJson {
  private FlowJson() {}

  /** One flow, without the end of the line. */
  public static String line(FlowStatus status) {
    JsonLine json = new JsonLine();
    json.begin()
        .field("family", status.flow().tuple().family() == IpFamily.V4 ? "ipv4" : "ipv6")
        .field("protocol", FlowText.protocolName(status.flow().tuple().protocol()))
        .field("translated", status.flow().isTranslated())
        .field("state", status.state())
        .field("generation", Integer.toUnsignedLong(status.generation()))
        .field("ageMs", status.ageMs())
        .field("idleMs", status.idleMs())
        .field("timeoutMs", status.flow().idleTimeout().toMillis());
    status
        .timeoutLeftMs()
        .peek(left -> json.field("timeoutLeftMs", left))
        .onEmpty(() -> json.nothing("timeoutLeftMs"));
    status
        .worker()
        .peek(worker -> json.field("worker", worker))
        .onEmpty(() -> json.nothing("worker"));
    direction(json.key("original"), status.original(), status.flow().original().mtu());
    direction(json.key("reply"), status.reply(), status.flow().reply().mtu());
    return json.end().toString();
  }

  private static void direction(JsonLine json, Direction direction, int mtu) {
    json.begin()
        .field("source", direction.tuple().source().toString())
        .field("destination", direction.tuple().destination().toString())
        .field("sourcePort", direction.tuple().sourcePort())
        .field("destinationPort", direction.tuple().destinationPort())
        .field("packets", direction.packets())
        .field("bytes", direction.bytes())
        .field("mtu", mtu);
    way(json.key("in"), direction.way());
    way(json.key("out"), direction.wayOut());
    json.end();
  }

  private static void way(JsonLine json, Way way) {
    json.begin()
        .field("device", way.device())
        .field("port", way.port())
        .field("ifindex", way.ifindex())
        .key("stack")
        .beginArray();
    for (StackLayer layer : way.stack()) {
      layer(json, layer);
    }
    json.endArray().end();
  }

  private static void layer(JsonLine json, StackLayer layer) {
    EncapTuple tuple = layer.tuple();
    json.begin()
        .field("device", layer.device())
        .field("ifindex", layer.ifindex())
        .field("encap", tuple.provider());
    tuple
        .addresses()
        .forEach(ends ->
            json.field("source", ends.source().toString())
                .field("destination", ends.destination().toString()));
    tuple.peer().forEach(peer -> json.field("peer", peer.toString()));
    json.key("words").beginArray();
    // Strings: a word has 64 bits, a number of JSON is safe up to 53 (RFC 8259 §6).
    tuple.words().forEach(word -> json.value(Long.toUnsignedString(word)));
    json.endArray().end();
  }
}
