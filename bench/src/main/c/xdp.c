/*
 * Runs xdp.bpf.c by BPF_PROG_TEST_RUN, in slices as fastpath.c does: the kernel repeats the program,
 * this process only waits. Needs root, or CAP_BPF and CAP_NET_ADMIN.
 *
 * usage: xdp xdp.bpf.o FLOWS TUNNELS into|out FRAMES
 * Says `skip: …` in place of `ready` if the kernel refuses.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "xdp.h"

enum { PLAIN = 64, OUTER = 20, SHOWN = 64 };

static struct setup setup = {.generation = 7};
static volatile struct state *state;
static int write_only, forward, show;

static int quiet(enum libbpf_print_level level, const char *format, va_list arguments) {
  return level == LIBBPF_WARN ? vfprintf(stderr, format, arguments) : 0;
}

static void refused(const char *what) {
  printf("skip: %s: %s%s\n", what, strerror(errno), errno == EPERM ? " (needs root, or CAP_BPF and CAP_NET_ADMIN)" : "");
  exit(0);
}

/* This thread's own time: waiting for a busy processor does not count. */
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static uint16_t sum_of(const uint8_t *header) {
  uint32_t s = 0;
  for (int j = 0; j < OUTER; j += 2) s += header[j] << 8 | header[j + 1];
  s = (s & 0xffff) + (s >> 16);
  return (s & 0xffff) + (s >> 16);
}

static struct tunnel tunnel(uint32_t number) {
  struct tunnel t = {
    .headers = {2, 0, 0, 0, 0, setup.out ? 0x0a : 0x12, 2, 0, 0, 0, 0, setup.out ? 0x01 : 0x11, 8, 0, 0x45, 0, 0, 0, 0, 0, 0x40, 0, 0, 4},
    .received = {0x45, 0, 0, 70, 0, 0, 0x40, 0, 64, 4},
  };
  uint32_t near = htonl(0xC0A80101u), far = htonl(number ? 0xAC100000u + number : 0xC0A80102u);
  memcpy(t.headers + 26, &near, 4);
  memcpy(t.headers + 30, &far, 4);
  t.sum = sum_of(t.headers + 14);
  memcpy(t.received + 12, &far, 4);
  memcpy(t.received + 16, &near, 4);
  uint16_t checksum = htons((uint16_t)~sum_of(t.received));
  memcpy(t.received + 10, &checksum, 2);
  return t;
}

static struct flow_key key(uint32_t flow) {
  uint32_t number = flow % setup.tunnels;
  uint64_t client = htonl(0x0A000000u + (flow >> 4)), server = htonl(0xC6120001u + number);
  uint32_t port = 1024 + (flow & 15) * 16, ports = htonl(setup.out ? 80u << 16 | port : port << 16 | 80);
  struct tunnel t = tunnel(number);
  struct flow_key k = {
    .addresses = setup.out ? client << 32 | server : server << 32 | client,
    .ports = (uint64_t)ports << 32 | 17 << 16 | 1,
  };
  if (setup.out) memcpy(&k.outer, t.received + 12, 8);
  return k;
}

static void offer_flows(struct bpf_object *object) {
  int flows = bpf_object__find_map_fd_by_name(object, "flows"), tunnels = bpf_object__find_map_fd_by_name(object, "tunnels");
  for (uint32_t i = 0; i < setup.tunnels; i++) {
    struct tunnel t = tunnel(i);
    if (bpf_map_update_elem(tunnels, &i, &t, BPF_ANY)) refused("a tunnel");
  }
  for (uint32_t f = 0; f < setup.flows; f++) {
    struct flow_key k = key(f);
    struct flow flow = {.generation = setup.generation, .mtu = 1480, .tunnel = f % setup.tunnels};
    if (bpf_map_update_elem(flows, &k, &flow, BPF_NOEXIST)) refused("a flow");
  }
}

static int program(struct bpf_object *object, const char *name) {
  return bpf_program__fd(bpf_object__find_program_by_name(object, name));
}

static void load(const char *file) {
  struct bpf_object *object = bpf_object__open_file(file, NULL);
  if (!object) refused(file);
  bpf_map__set_max_entries(bpf_object__find_map_by_name(object, "flows"), setup.flows);
  bpf_map__set_max_entries(bpf_object__find_map_by_name(object, "tunnels"), setup.tunnels);
  if (bpf_map__set_initial_value(bpf_object__find_map_by_name(object, ".rodata"), &setup, sizeof setup)) refused("its constants");
  if (bpf_object__load(object)) refused("bpf()");
  int fd = bpf_object__find_map_fd_by_name(object, ".bss");
  state = mmap(NULL, getpagesize(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (state == MAP_FAILED) refused("its state");
  write_only = program(object, "write_only");
  forward = program(object, "forward");
  show = program(object, "show");
  offer_flows(object);
}

/* Runs a program `repeat` times on one frame; bytes of the frame that came out. */
static uint32_t run(int program, uint32_t repeat, uint8_t out[256]) {
  uint8_t in[PLAIN + OUTER] = {0};
  LIBBPF_OPTS(bpf_test_run_opts, o, .data_in = in, .data_size_in = setup.out ? PLAIN + OUTER : PLAIN, .data_out = out, .data_size_out = 256, .repeat = repeat);
  if (bpf_prog_test_run_opts(program, &o)) refused("BPF_PROG_TEST_RUN");
  if (o.retval != 3 /* XDP_TX */) { fprintf(stderr, "xdp: verdict %u\n", o.retval); exit(1); }
  return o.data_size_out;
}

static void show_frames(void) {
  uint32_t step = setup.flows / SHOWN ? setup.flows / SHOWN : 1;
  for (uint32_t i = 0; i < SHOWN && i < setup.flows; i++) {
    uint8_t out[256];
    state->shown = i * step;
    uint32_t length = run(show, 1, out);
    if (i) putchar(' ');
    for (uint32_t at = 0; at < length; at++) printf("%02x", out[at]);
  }
  putchar('\n');
}

static void slice(uint32_t frames) {
  uint8_t out[256];
  double start = now();
  run(write_only, frames, out);
  double middle = now();
  uint64_t before = state->forwarded;
  run(forward, frames, out);
  double end = now();
  if (state->forwarded - before != frames) { fprintf(stderr, "xdp: not every frame was forwarded\n"); exit(1); }
  printf("%.3f %.3f\n", (end - middle) / frames, (middle - start) / frames);
}

int main(int argc, char **argv) {
  if (argc != 6) { fprintf(stderr, "usage: %s OBJECT FLOWS TUNNELS into|out FRAMES\n", argv[0]); return 2; }
  setup.flows = strtoul(argv[2], 0, 10);
  setup.tunnels = strtoul(argv[3], 0, 10);
  setup.out = !strcmp(argv[4], "out");
  uint32_t frames = strtoul(argv[5], 0, 10);
  if (!setup.flows || !setup.tunnels || !frames) { fprintf(stderr, "xdp: bad number\n"); return 2; }
  struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_MEMLOCK, &none);
  libbpf_set_print(quiet);
  load(argv[1]);
  puts("ready");
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    if (!strcmp(line, "show\n")) show_frames();
    else slice(frames);
    fflush(stdout);
  }
  return 0;
}
