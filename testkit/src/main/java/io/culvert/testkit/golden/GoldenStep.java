package io.culvert.testkit.golden;

import io.vavr.collection.Seq;

/**
 * One step of a golden scenario.
 *
 * @param number number of the step, from 1; also the second of its frames' time stamps
 * @param op {@code inj} for an injected frame; others have no frames
 * @param port where the frame was injected: {@code client}, {@code server} or {@code wire}
 * @param path how Linux forwarded the frame where it had a flow table: {@code slow}, {@code fast}
 *     or {@code none}; empty where it had none
 * @param label what it is about, such as {@code fwd/ttl/1-udp}
 * @param inputs frames that the router received, in order of time; answers of the remote too
 * @param outputs frames that the router sent, in order of time
 */
public record GoldenStep(
    int number,
    String op,
    String port,
    String path,
    String label,
    Seq<GoldenFrame> inputs,
    Seq<GoldenFrame> outputs) {}
