/*
 * The work of the flow table's fast path, written by hand: what the processor allows.
 *
 * Per frame: own MAC, EtherType, version and header length, header checksum, total length against
 * the frame, fragments, TTL, protocol, TCP flags; out of a tunnel the same for the outer header.
 * Then the lookup with the outer addresses in the key and the whole key compared, generation, MTU;
 * TTL - 1 with the checksum updated; push of Ethernet and an outer IPv4 header from the flow's
 * template, or pop and new Ethernet; packets, bytes, last seen.
 *
 * Frames, flows, tunnels and bursts are those of `culvert slice`: 64 bytes, 16 ports a client,
 * flow f in tunnel f mod TUNNELS, pseudo-random order, bursts of 64, slots of 2 KiB.
 *
 * usage: fastpath FLOWS TUNNELS into|out FRAMES
 * For each line read it prints: ns a frame in all, ns of that for writing frames; for the line
 * `show` the frames that it sends for up to 64 flows spread over all, in hex.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { BURST = 64, SLOT = 2048, HEADROOM = 128, SLOTS = 1024, ETH = 14, IPV4 = 20, MAX_TUNNELS = 1 << 16 };

/* One cache line. */
typedef struct {
  uint64_t addresses, ports, outer;
  uint32_t generation;
  uint16_t mtu, tunnel;
  uint64_t packets, bytes, last_seen, unused;
} entry;

static entry *table;
static uint64_t mask;
static uint8_t *pool;
static uint8_t (*templates)[64];
static uint8_t (*received)[IPV4]; /* outer headers as the peers send them */
static uint16_t *template_sums;
static uint32_t *order;
static uint16_t *inner_sums;
static uint64_t order_length, flows, tunnels;
static uint64_t slot_hash[BURST];
/* eth0 with the clients behind 0a, eth1 with the underlay behind 12. */
static const uint8_t client_macs[12] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0x0a};
static const uint8_t underlay_macs[12] = {2, 0, 0, 0, 0, 0x11, 2, 0, 0, 0, 0, 0x12};
static const uint32_t generation = 7;

static inline uint32_t load32(const uint8_t *p) { uint32_t v; memcpy(&v, p, 4); return v; }
static inline uint64_t load64(const uint8_t *p) { uint64_t v; memcpy(&v, p, 8); return v; }
static inline uint16_t load16(const uint8_t *p) { uint16_t v; memcpy(&v, p, 2); return __builtin_bswap16(v); }
static inline void store16(uint8_t *p, uint16_t v) { v = __builtin_bswap16(v); memcpy(p, &v, 2); }

static inline uint64_t hash(uint64_t a, uint64_t b, uint64_t c) {
  uint64_t h = a * 0x9E3779B97F4A7C15ull;
  h = ((h ^ h >> 32) ^ b) * 0xD6E8FEB86659FD93ull;
  h = ((h ^ h >> 32) ^ c) * 0xCA5A826395121157ull;
  return h ^ h >> 32;
}

/* The folded sum of a header in native order: 0xffff if its checksum is good. */
static inline uint32_t header_sum(const uint8_t *p) {
  uint64_t s = (uint64_t)load32(p) + load32(p + 4) + load32(p + 8) + load32(p + 12) + load32(p + 16);
  s = (s & 0xffffffff) + (s >> 32);
  s = (s & 0xffff) + (s >> 16);
  s = (s & 0xffff) + (s >> 16);
  return (uint32_t)((s & 0xffff) + (s >> 16));
}

static uint32_t client(uint32_t flow) { return __builtin_bswap32(0x0A000000u + (flow >> 4)); }
static uint16_t client_port(uint32_t flow) { return 1024 + (flow & 15) * 16; }
static inline uint32_t tunnel_of(uint32_t flow) { return tunnels & (tunnels - 1) ? flow % tunnels : flow & (tunnels - 1); }
static uint32_t server(uint32_t tunnel) { return __builtin_bswap32(0xC6120001u + tunnel); }
static uint32_t near_end(void) { return __builtin_bswap32(0xC0A80101u); }
static uint32_t far_end(uint32_t tunnel) { return __builtin_bswap32(tunnel ? 0xAC100000u + tunnel : 0xC0A80102u); }

/* This thread's own time: waiting for a busy processor does not count. */
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

/* The 64-byte frame of a flow; out of a tunnel 20 bytes longer. */
static inline void write_frame(uint8_t *p, uint32_t flow, int out) {
  uint32_t tunnel = tunnel_of(flow), source = client(flow), destination = server(tunnel);
  memcpy(p, out ? underlay_macs : client_macs, 12);
  p[12] = 8;
  p[13] = 0;
  uint8_t *ip = p + ETH;
  if (out) {
    memcpy(ip, received[tunnel], IPV4);
    ip += IPV4;
  }
  ip[0] = 0x45;
  ip[1] = 0;
  store16(ip + 2, 50);
  memset(ip + 4, 0, 4);
  ip[8] = 64;
  ip[9] = 17;
  memcpy(ip + 10, &inner_sums[flow], 2);
  memcpy(ip + 12, out ? &destination : &source, 4);
  memcpy(ip + 16, out ? &source : &destination, 4);
  store16(ip + 20, out ? 80 : client_port(flow));
  store16(ip + 22, out ? client_port(flow) : 80);
  store16(ip + 24, 30);
  store16(ip + 26, 0);
}

static uint8_t *frame_at(uint64_t number) { return pool + (number & (SLOTS - 1)) * SLOT + HEADROOM; }

static void write_frames(uint64_t first, int out) {
  for (int i = 0; i < BURST; i++) write_frame(frame_at(first + i), order[(first + i) & (order_length - 1)], out);
}

static inline void key(const uint8_t *ip, int out, uint64_t *a, uint64_t *p, uint64_t *o) {
  *a = load64(ip + 12);
  *p = (uint64_t)load32(ip + 20) << 32 | (uint64_t)ip[9] << 16 | 1;
  *o = out ? load64(ip - 8) : 0;
}

static inline int is_good(const uint8_t *ip, int room) {
  return ip[0] == 0x45 && header_sum(ip) == 0xffff && load16(ip + 2) >= IPV4 && load16(ip + 2) <= room
      && !(load16(ip + 6) & 0x3fff) && ip[8] > 1;
}

static entry *find(uint64_t at, uint64_t a, uint64_t p, uint64_t o) {
  for (;; at = (at + 1) & mask) {
    entry *e = &table[at];
    if (e->addresses == a && e->ports == p && e->outer == o) return e;
    if (!(e->addresses | e->ports)) return NULL;
  }
}

/* Forwards one frame; 0 if it is not forwarded. */
static inline int forward(uint8_t *p, uint64_t at, uint64_t clock, int out) {
  const int base = out ? ETH + IPV4 : ETH, length = out ? 84 : 64;
  uint8_t *ip = p + base;
  const uint8_t *own = out ? underlay_macs : client_macs;
  if (load32(p) != load32(own) || load16(p + 4) != load16(own + 4) || load16(p + 12) != 0x0800) return 0;
  if (out && (!is_good(p + ETH, length - ETH) || p[ETH + 9] != 4)) return 0;
  if (!is_good(ip, length - base)) return 0;
  if ((ip[9] != 17 && ip[9] != 6) || (ip[9] == 6 && (ip[33] & 7))) return 0;
  uint64_t a, ports, o;
  key(ip, out, &a, &ports, &o);
  entry *e = find(at, a, ports, o);
  uint16_t total = load16(ip + 2);
  if (!e || e->generation != generation || total > e->mtu) return 0;
  uint32_t checksum = load16(ip + 10) + 0x100;
  ip[8]--;
  store16(ip + 10, checksum + (checksum >> 16));
  const uint8_t *t = templates[e->tunnel];
  if (out) {
    memcpy(p + IPV4, t, ETH);
  } else {
    uint8_t *outer = p - IPV4 + ETH, tos = ip[1], ttl = ip[8];
    memcpy(p - IPV4, t, ETH + IPV4);
    store16(outer + 2, total + IPV4);
    outer[1] = tos;
    outer[8] = ttl;
    uint32_t s = template_sums[e->tunnel] + total + IPV4 + tos + (ttl << 8);
    s = (s & 0xffff) + (s >> 16);
    s = (s & 0xffff) + (s >> 16);
    store16(outer + 10, ~s);
  }
  e->packets++;
  e->bytes += total;
  e->last_seen = clock;
  return 1;
}

static uint64_t forward_burst(uint64_t first, int out) {
  const int base = out ? ETH + IPV4 : ETH;
  for (int i = 0; i < BURST; i++) {
    uint64_t a, p, o;
    key(frame_at(first + i) + base, out, &a, &p, &o);
    slot_hash[i] = hash(a, p, o) & mask;
    __builtin_prefetch(&table[slot_hash[i]]);
  }
  uint64_t done = 0;
  for (int i = 0; i < BURST; i++)
    done += forward(frame_at(first + i), slot_hash[i], first, out);
  return done;
}

static void *pages(size_t bytes) {
  size_t huge = 1 << 21, all = (bytes + huge - 1) & ~(huge - 1);
  void *memory = aligned_alloc(huge, all);
  if (!memory) { fprintf(stderr, "fastpath: no memory\n"); exit(1); }
  madvise(memory, all, MADV_HUGEPAGE);
  memset(memory, 0, all);
  return memory;
}

static uint16_t sum_of(const uint8_t *header) {
  uint32_t s = 0;
  for (int j = 0; j < IPV4; j += 2) s += load16(header + j);
  s = (s & 0xffff) + (s >> 16);
  return (s & 0xffff) + (s >> 16);
}

static void make_templates(int out) {
  templates = pages(tunnels * sizeof *templates);
  received = pages(tunnels * sizeof *received);
  template_sums = malloc(tunnels * sizeof *template_sums);
  for (uint64_t i = 0; i < tunnels; i++) {
    uint8_t *t = templates[i], *o = t + ETH, *r = received[i];
    const uint8_t *macs = out ? client_macs : underlay_macs;
    memcpy(t, macs + 6, 6);
    memcpy(t + 6, macs, 6);
    t[12] = 8;
    const uint8_t header[IPV4] = {0x45, 0, 0, 0, 0, 0, 0x40, 0, 0, 4};
    uint32_t near = near_end(), far = far_end(i);
    memcpy(o, header, IPV4);
    memcpy(o + 12, &near, 4);
    memcpy(o + 16, &far, 4);
    template_sums[i] = sum_of(o);
    memcpy(r, header, IPV4);
    r[3] = 70;
    r[8] = 64;
    memcpy(r + 12, &far, 4);
    memcpy(r + 16, &near, 4);
    store16(r + 10, ~sum_of(r));
  }
}

static void offer_flows(int out) {
  for (mask = 1; mask < flows * 2; mask <<= 1) {}
  table = pages(mask-- * sizeof *table);
  inner_sums = calloc(flows, sizeof *inner_sums);
  for (uint64_t f = 0; f < flows; f++) {
    uint8_t w[128] = {0};
    uint64_t a, p, o;
    write_frame(w, f, out);
    uint8_t *ip = w + ETH + (out ? IPV4 : 0);
    inner_sums[f] = ~header_sum(ip);
    key(ip, out, &a, &p, &o);
    uint64_t at = hash(a, p, o) & mask;
    while (table[at].addresses | table[at].ports) at = (at + 1) & mask;
    table[at] = (entry){.addresses = a, .ports = p, .outer = o, .generation = generation, .mtu = 1480, .tunnel = tunnel_of(f)};
  }
}

static void shuffle(void) {
  for (order_length = 1 << 20; order_length < flows * 2; order_length <<= 1) {}
  order = malloc(order_length * sizeof *order);
  uint64_t x = 88172645463325252ull;
  for (uint64_t i = 0; i < order_length; i++) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    order[i] = (x >> 20) % flows;
  }
}

static void show(int out) {
  uint64_t step = flows / BURST ? flows / BURST : 1;
  for (uint64_t i = 0; i < BURST && i < flows; i++) {
    uint8_t *p = frame_at(i);
    uint64_t a, ports, o;
    write_frame(p, i * step, out);
    key(p + ETH + (out ? IPV4 : 0), out, &a, &ports, &o);
    int sent = forward(p, hash(a, ports, o) & mask, 0, out);
    p = out ? p + IPV4 : p - IPV4;
    if (i) putchar(' ');
    for (int at = 0; sent && at < (out ? 64 : 84); at++) printf("%02x", p[at]);
  }
  putchar('\n');
}

int main(int argc, char **argv) {
  if (argc != 5) { fprintf(stderr, "usage: %s FLOWS TUNNELS into|out FRAMES\n", argv[0]); return 2; }
  flows = strtoull(argv[1], 0, 10);
  tunnels = strtoull(argv[2], 0, 10);
  int out = !strcmp(argv[3], "out");
  uint64_t frames = strtoull(argv[4], 0, 10) / BURST * BURST;
  if (!flows || !tunnels || tunnels > MAX_TUNNELS || !frames) { fprintf(stderr, "fastpath: bad number\n"); return 2; }
  pool = aligned_alloc(4096, (size_t)SLOTS * SLOT);
  memset(pool, 0, (size_t)SLOTS * SLOT);
  make_templates(out);
  offer_flows(out);
  shuffle();
  char line[64];
  uint64_t at = 0;
  puts("ready");
  fflush(stdout);
  while (fgets(line, sizeof line, stdin)) {
    if (!strcmp(line, "show\n")) {
      show(out);
      fflush(stdout);
      continue;
    }
    double start = now();
    for (uint64_t n = 0; n < frames; n += BURST) write_frames(at + n, out);
    double middle = now();
    uint64_t done = 0;
    for (uint64_t n = 0; n < frames; n += BURST) {
      write_frames(at + n, out);
      done += forward_burst(at + n, out);
    }
    double end = now();
    at += frames;
    if (done != frames) { fprintf(stderr, "fastpath: %lu of %lu forwarded\n", done, frames); return 1; }
    printf("%.3f %.3f\n", (end - middle) / frames, (middle - start) / frames);
    fflush(stdout);
  }
  return 0;
}
