/*
 * DPDK's rte_hash, the lookup alone, hash included: keys of 32 bytes, one by one or 64 at once. The
 * table has as many keys for its room as the flow table: 2^20 for 800,000.
 *
 * The keys lie in a pseudo-random order, one behind the other, and are looked up in that order, so
 * that the table is met at random and the keys are not; as `culvert slice --way bulk` does it.
 * Neither side has huge pages.
 *
 * usage: rte_hash KEYS single|bulk LOOKUPS
 * For each line read it prints: ns a lookup, and 0; for the line `show` how many of some keys are
 * found that are there, and of some that are not.
 */
#define _GNU_SOURCE
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_hash.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BULK = 64, TUNNELS = 1024 };

struct key {
  uint32_t source, destination;
  uint16_t source_port, destination_port, ingress;
  uint8_t protocol, depth;
  uint32_t outer_source, outer_destination;
  uint64_t unused;
};
_Static_assert(sizeof(struct key) == 32, "a key has 32 bytes");

static struct rte_hash *table;
static struct key *keys;
static uint32_t count, burst, next;

/* This thread's own time: waiting for a busy processor does not count. */
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static struct key key(uint32_t flow) {
  return (struct key){
    .source = 0x0A000000u + (flow >> 4), .destination = 0xC0A80A0Au, .source_port = 1024 + (flow & 15) * 16, .destination_port = 80,
    .ingress = 1, .protocol = 17, .depth = 1, .outer_source = 0xAC100000u + flow % TUNNELS, .outer_destination = 0xC0A80101u,
  };
}

/* EAL keeps its main thread on one processor; the other sides may use all of them. */
static void start_eal(void) {
  cpu_set_t all;
  sched_getaffinity(0, sizeof all, &all);
  char *words[] = {"rte_hash", "--no-huge", "--no-pci", "--no-telemetry", "--log-level=error", "-m", "1024", "-l", "0", NULL};
  if (rte_eal_init(9, words) < 0) {
    printf("skip: rte_eal_init: %s\n", rte_strerror(rte_errno));
    exit(0);
  }
  sched_setaffinity(0, sizeof all, &all);
}

static void add_keys(void) {
  uint32_t room = 1;
  while (room < count) room <<= 1;
  struct rte_hash_parameters parameters = {.name = "flows", .entries = room, .key_len = sizeof(struct key), .socket_id = SOCKET_ID_ANY};
  table = rte_hash_create(&parameters);
  keys = malloc(count * sizeof *keys);
  if (!table || !keys) { fprintf(stderr, "rte_hash: no table: %s\n", rte_strerror(rte_errno)); exit(1); }
  for (uint32_t n = 0; n < count; n++) {
    keys[n] = key(n);
    if (rte_hash_add_key(table, &keys[n]) < 0) { fprintf(stderr, "rte_hash: no room for key %u\n", n); exit(1); }
  }
}

static void shuffle(void) {
  uint64_t x = 88172645463325252ull;
  for (uint32_t n = count - 1; n > 0; n--) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    uint32_t other = (x >> 20) % (n + 1);
    struct key kept = keys[n];
    keys[n] = keys[other];
    keys[other] = kept;
  }
}

static uint32_t look_up(const struct key *first) {
  if (burst == 1) return rte_hash_lookup(table, first) >= 0;
  const void *pointers[BULK];
  int32_t positions[BULK];
  uint32_t found = 0;
  for (uint32_t i = 0; i < burst; i++) pointers[i] = &first[i];
  rte_hash_lookup_bulk(table, pointers, burst, positions);
  for (uint32_t i = 0; i < burst; i++) found += positions[i] >= 0;
  return found;
}

static void show(void) {
  struct key others[BULK];
  for (uint32_t i = 0; i < burst; i++) others[i] = key(count + i);
  uint32_t there = look_up(keys);
  printf("%u/%u %u/%u\n", there, burst, look_up(others), burst);
}

static void slice(uint64_t lookups) {
  uint64_t found = 0;
  double start = now();
  for (uint64_t n = 0; n < lookups; n += burst) {
    if (next + burst > count) next = 0;
    found += look_up(&keys[next]);
    next += burst;
  }
  double ns = (now() - start) / lookups;
  if (found != lookups) { fprintf(stderr, "rte_hash: not every key was found\n"); exit(1); }
  printf("%.3f 0\n", ns);
}

int main(int argc, char **argv) {
  if (argc != 4) { fprintf(stderr, "usage: %s KEYS single|bulk LOOKUPS\n", argv[0]); return 2; }
  burst = strcmp(argv[2], "bulk") ? 1 : BULK;
  count = strtoul(argv[1], 0, 10);
  uint64_t lookups = strtoull(argv[3], 0, 10) / burst * burst;
  if (count < burst || !lookups) { fprintf(stderr, "rte_hash: bad number\n"); return 2; }
  start_eal();
  add_keys();
  shuffle();
  puts("ready");
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    if (!strcmp(line, "show\n")) show();
    else slice(lookups);
    fflush(stdout);
  }
  return 0;
}
