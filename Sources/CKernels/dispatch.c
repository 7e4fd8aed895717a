/* Finds the kernels that this CPU can run. No other file asks the CPU what it supports. */
#include "kernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <sys/syscall.h>
#include <unistd.h>

static int has_sse41(void) { return __builtin_cpu_supports("sse4.1"); }
static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
static int has_avxvnni(void) { return has_avx2() && __builtin_cpu_supports("avxvnni"); }
static int has_avx512vnni(void) {
    return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

/* AMX adds 8 KB of register state to each thread, and a process must ask Linux (5.16 or later) for permission to use
 * it. Linux refuses if it does not save this state. */
static int has_amx(void) {
    enum { request_permission = 0x1023, tile_data = 18 };  /* ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA */
    return has_avx512vnni() && __builtin_cpu_supports("amx-tile") && __builtin_cpu_supports("amx-int8") &&
           syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}
#elif defined(__aarch64__)
#include <sys/auxv.h>

static int has_dot_product(void) { return (getauxval(AT_HWCAP) >> 20 & 1) != 0; }  /* HWCAP_ASIMDDP */
#endif

static int always(void) { return 1; }

/* The instruction sets of this architecture, fastest first. */
static const struct {
    const kernels *table;
    int (*runs_here)(void);
} sets[] = {
#if defined(__x86_64__)
    {&kernels_amx, has_amx},
    {&kernels_avx512vnni, has_avx512vnni},
    {&kernels_avxvnni, has_avxvnni},
    {&kernels_avx2, has_avx2},
    {&kernels_sse41, has_sse41},
#elif defined(__aarch64__)
    {&kernels_neon, has_dot_product},
#endif
    {&kernels_baseline, always},
};
enum { set_count = sizeof sets / sizeof *sets };

const kernels *kernels_named(const char *name) {
    for (size_t i = 0; i < set_count; i++)
        if (strcmp(sets[i].table->name, name) == 0) return sets[i].runs_here() ? sets[i].table : NULL;
    return NULL;
}

const char *kernels_name(size_t index) { return index < set_count ? sets[index].table->name : NULL; }

size_t kernels_attention_scratch(size_t tokens, size_t head_dim) {
    return (head_dim + 8) * kernels_padded_tokens(tokens);
}
