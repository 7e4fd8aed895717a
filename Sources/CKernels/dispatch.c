/* The only place that asks the CPU what it can do. */
#include "kernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <sys/syscall.h>
#include <unistd.h>

static int has_sse41(void) { return __builtin_cpu_supports("sse4.1"); }
static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
static int has_avxvnni(void) { return has_avx2() && __builtin_cpu_supports("avxvnni"); }
static int has_avx512vnni(void) {
    return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq");
}
/* The tiles are 8 KB of state a thread, which Linux (5.16) wants to be asked for; it refuses where it does not save them. */
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

static const struct {
    const char *name;
    const kernels *table;
    int (*runs_here)(void);
} sets[] = {
#if defined(__x86_64__)
    {"amx", &kernels_amx, has_amx},
    {"avx512vnni", &kernels_avx512vnni, has_avx512vnni},
    {"avxvnni", &kernels_avxvnni, has_avxvnni},
    {"avx2", &kernels_avx2, has_avx2},
    {"sse41", &kernels_sse41, has_sse41},
#elif defined(__aarch64__)
    {"neon", &kernels_neon, has_dot_product},
#endif
    {"baseline", &kernels_baseline, always},
};
enum { set_count = sizeof sets / sizeof *sets };

const kernels *kernels_for_this_cpu(void) {
    size_t i = 0;
    while (!sets[i].runs_here()) i++;  /* ends: the last one runs anywhere */
    return sets[i].table;
}

const kernels *kernels_named(const char *name) {
    for (size_t i = 0; i < set_count; i++)
        if (strcmp(sets[i].name, name) == 0) return sets[i].runs_here() ? sets[i].table : NULL;
    return NULL;
}

size_t kernels_names(const char *const **names) {
    static const char *const list[] = {
#if defined(__x86_64__)
        "amx", "avx512vnni", "avxvnni", "avx2", "sse41",
#elif defined(__aarch64__)
        "neon",
#endif
        "baseline",
    };
    *names = list;
    return sizeof list / sizeof *list;
}

size_t kernels_attention_scratch(size_t tokens, size_t head_dim) { return (head_dim + 8) * kernels_padded_tokens(tokens); }
