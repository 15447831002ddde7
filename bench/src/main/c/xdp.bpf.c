/*
 * The work of fastpath.c as an XDP program in the kernel: the same frames, checks, key, counters and
 * headers, with the kernel's own hash map as the table.
 *
 * Nothing writes frames for BPF_PROG_TEST_RUN, so the program does, of a pseudo-random flow.
 * `write_only` does nothing else, but moves the frame's start there and back; that is subtracted.
 * So of the two moves of `forward`, the push or pop and the one that makes room for the next frame,
 * none counts: a few nanoseconds in favour of XDP. So is the coarse clock.
 */
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "xdp.h"

enum { ETH = 14, IPV4 = 20, PLAIN = 64 };

const volatile struct setup setup = {1, 1, 0, 0};
struct state state;

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1); /* set by the runner */
  __type(key, struct flow_key);
  __type(value, struct flow);
} flows SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1); /* set by the runner */
  __type(key, __u32);
  __type(value, struct tunnel);
} tunnels SEC(".maps");

#define U16(p) (*(__u16 *)(p))
#define U32(p) (*(__u32 *)(p))
#define ALWAYS static __always_inline

ALWAYS __u32 fold(__u64 s) {
  s = (s & 0xffffffff) + (s >> 32);
  s = (s & 0xffff) + (s >> 16);
  s = (s & 0xffff) + (s >> 16);
  return (s & 0xffff) + (s >> 16);
}

/* 0xffff if its checksum is good. */
ALWAYS __u32 header_sum(const __u8 *p) {
  return fold((__u64)U32(p) + U32(p + 4) + U32(p + 8) + U32(p + 12) + U32(p + 16));
}

ALWAYS __u8 *frame(struct xdp_md *ctx, int length) {
  __u8 *p = (__u8 *)(long)ctx->data;
  return p + length > (__u8 *)(long)ctx->data_end ? 0 : p;
}

ALWAYS void write_macs(__u8 *p, __u8 port, __u8 peer) {
  U16(p) = bpf_htons(0x0200);
  U32(p + 2) = bpf_htonl(port);
  U16(p + 6) = bpf_htons(0x0200);
  U32(p + 8) = bpf_htonl(peer);
  U16(p + 12) = bpf_htons(0x0800);
}

ALWAYS void write_inner(__u8 *ip, __u32 client, __u32 server, __u16 port, int out) {
  U32(ip) = bpf_htonl(0x45000032);
  U32(ip + 4) = 0;
  U32(ip + 8) = bpf_htonl(64 << 24 | 17 << 16);
  U32(ip + 12) = out ? server : client;
  U32(ip + 16) = out ? client : server;
  U16(ip + 10) = ~header_sum(ip);
  U32(ip + 20) = bpf_htonl(out ? 80 << 16 | port : port << 16 | 80);
  U32(ip + 24) = bpf_htonl(30 << 16);
}

/* The frame of a flow, over whatever was there; 0 if something is wrong. */
ALWAYS int write_frame(struct xdp_md *ctx, __u32 flow) {
  const int out = setup.out;
  __u32 number = flow % setup.tunnels;
  __u8 *p = frame(ctx, out ? PLAIN + IPV4 : PLAIN);
  if (!p) return 0;
  write_macs(p, out ? 0x11 : 0x01, out ? 0x12 : 0x0a);
  __u8 *ip = p + ETH;
  if (out) {
    struct tunnel *t = bpf_map_lookup_elem(&tunnels, &number);
    if (!t) return 0;
    __builtin_memcpy(ip, t->received, IPV4);
    ip += IPV4;
  }
  write_inner(ip, bpf_htonl(0x0A000000u + (flow >> 4)), bpf_htonl(0xC6120001u + number), 1024 + (flow & 15) * 16, out);
  return 1;
}

ALWAYS int is_good(const __u8 *ip, int room) {
  __u16 total = bpf_ntohs(U16(ip + 2));
  return ip[0] == 0x45 && header_sum(ip) == 0xffff && total >= IPV4 && total <= room && !(U16(ip + 6) & bpf_htons(0x3fff)) && ip[8] > 1;
}

/* Everything that is checked before the lookup. */
ALWAYS int is_ours(const __u8 *p, int out) {
  const int base = out ? ETH + IPV4 : ETH, length = out ? PLAIN + IPV4 : PLAIN;
  const __u8 *ip = p + base;
  if (U16(p) != bpf_htons(0x0200) || U32(p + 2) != bpf_htonl(out ? 0x11 : 0x01) || U16(p + 12) != bpf_htons(0x0800)) return 0;
  if (out && (!is_good(p + ETH, length - ETH) || p[ETH + 9] != 4)) return 0;
  return is_good(ip, length - base) && (ip[9] == 17 || (ip[9] == 6 && !(ip[33] & 7)));
}

ALWAYS struct flow *find(const __u8 *ip, int out) {
  struct flow_key key = {
    .addresses = (__u64)U32(ip + 16) << 32 | U32(ip + 12),
    .ports = (__u64)U32(ip + 20) << 32 | (__u64)ip[9] << 16 | 1,
    .outer = out ? (__u64)U32(ip - 4) << 32 | U32(ip - 8) : 0,
  };
  return bpf_map_lookup_elem(&flows, &key);
}

ALWAYS int push(struct xdp_md *ctx, const struct tunnel *t, __u16 total, __u8 tos, __u8 ttl) {
  if (bpf_xdp_adjust_head(ctx, -IPV4)) return 0;
  __u8 *p = frame(ctx, PLAIN + IPV4);
  if (!p) return 0;
  __builtin_memcpy(p, t->headers, ETH + IPV4);
  U16(p + ETH + 2) = bpf_htons(total + IPV4);
  p[ETH + 1] = tos;
  p[ETH + 8] = ttl;
  U16(p + ETH + 10) = bpf_htons(~fold((__u64)t->sum + total + IPV4 + tos + (ttl << 8)));
  return 1;
}

ALWAYS int pop(struct xdp_md *ctx, const struct tunnel *t) {
  if (bpf_xdp_adjust_head(ctx, IPV4)) return 0;
  __u8 *p = frame(ctx, PLAIN);
  if (!p) return 0;
  __builtin_memcpy(p, t->headers, ETH);
  return 1;
}

/* 1 if the frame was forwarded. */
ALWAYS int work(struct xdp_md *ctx) {
  const int out = setup.out;
  __u8 *p = frame(ctx, out ? PLAIN + IPV4 : PLAIN);
  if (!p || !is_ours(p, out)) return 0;
  __u8 *ip = p + (out ? ETH + IPV4 : ETH);
  struct flow *flow = find(ip, out);
  __u16 total = bpf_ntohs(U16(ip + 2));
  if (!flow || flow->generation != setup.generation || total > flow->mtu) return 0;
  __u32 number = flow->tunnel;
  struct tunnel *t = bpf_map_lookup_elem(&tunnels, &number);
  if (!t) return 0;
  __u32 checksum = bpf_ntohs(U16(ip + 10)) + 0x100;
  ip[8]--;
  U16(ip + 10) = bpf_htons(checksum + (checksum >> 16));
  if (!(out ? pop(ctx, t) : push(ctx, t, total, ip[1], ip[8]))) return 0;
  flow->packets++;
  flow->bytes += total;
  flow->last_seen = bpf_ktime_get_coarse_ns();
  state.forwarded++;
  return 1;
}

SEC("xdp")
int write_only(struct xdp_md *ctx) {
  if (!write_frame(ctx, bpf_get_prandom_u32() % setup.flows)) return XDP_ABORTED;
  if (bpf_xdp_adjust_head(ctx, -IPV4) || bpf_xdp_adjust_head(ctx, IPV4)) return XDP_ABORTED;
  return XDP_TX;
}

SEC("xdp")
int forward(struct xdp_md *ctx) {
  if (!write_frame(ctx, bpf_get_prandom_u32() % setup.flows)) return XDP_ABORTED;
  if (!work(ctx)) return XDP_PASS;
  return bpf_xdp_adjust_head(ctx, setup.out ? -IPV4 : IPV4) ? XDP_ABORTED : XDP_TX;
}

SEC("xdp")
int show(struct xdp_md *ctx) {
  if (!write_frame(ctx, state.shown)) return XDP_ABORTED;
  return work(ctx) ? XDP_TX : XDP_PASS;
}

char terms[] SEC("license") = "GPL";
