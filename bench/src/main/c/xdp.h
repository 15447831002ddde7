/* What the program in the kernel and its runner share. */
#ifndef CULVERT_XDP_H
#define CULVERT_XDP_H
#include <linux/types.h>

/* Fixed before the program is loaded: the verifier knows it. */
struct setup {
  __u32 flows, tunnels, out, generation;
};

/* Changes while it runs. */
struct state {
  __u64 forwarded; /* frames so far */
  __u32 shown;     /* the flow that `show` sends */
};

struct flow_key {
  __u64 addresses, ports, outer;
};

struct flow {
  __u32 generation;
  __u16 mtu, tunnel;
  __u64 packets, bytes, last_seen;
};

/* Headers in front of the inner packet as they are sent, and the outer one as the peer sends it. */
struct tunnel {
  __u8 headers[34];
  __u16 sum; /* of the outer header, without length, TOS and TTL */
  __u8 received[20];
};
#endif
