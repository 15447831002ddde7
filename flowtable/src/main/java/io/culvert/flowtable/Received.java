package io.culvert.flowtable;

import io.culvert.spi.EncapKey;

/**
 * How packets come in that answer to what leaves by a way: the way out, looked at from its far end.
 *
 * @param port the port that they come in by
 * @param stack identity words of their tunnels
 * @param depth number of their tunnels
 * @param headerLength header bytes in front of the inner packet
 * @param operations what is done with the tunnel headers, as {@link
 *     io.culvert.flowtable.table.RxProgram} has it
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Received(int port, EncapKey stack, int depth, int headerLength, long[] operations) {}
