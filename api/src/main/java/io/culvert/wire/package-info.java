/**
 * Wire formats: where each header field lies, and how it is read and written.
 *
 * <p>The accessors work on a {@link java.lang.foreign.MemorySegment} and absolute byte offsets. All
 * multi-byte fields are in network byte order (big endian). Nothing here allocates, throws for bad
 * packet content or keeps a reference; bounds are the caller's duty, and the segment's own checks
 * stay as the last fence. The value types (addresses, prefixes) belong to the control path.
 */
@NullMarked
package io.culvert.wire;

import org.jspecify.annotations.NullMarked;
