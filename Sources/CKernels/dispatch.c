/* The only place that asks the CPU what it can do. */
#include "kernels.h"

#include <string.h>

#if defined(__x86_64__)
static int has_sse41(void) { return __builtin_cpu_supports("sse4.1"); }
static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
static int has_avx512vnni(void) {
    return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq");
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
    {"avx512vnni", &kernels_avx512vnni, has_avx512vnni},
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
        "avx512vnni", "avx2", "sse41",
#elif defined(__aarch64__)
        "neon",
#endif
        "baseline",
    };
    *names = list;
    return sizeof list / sizeof *list;
}

size_t kernels_attention_scratch(size_t tokens, size_t head_dim) { return (head_dim + 8) * kernels_padded_tokens(tokens); }
