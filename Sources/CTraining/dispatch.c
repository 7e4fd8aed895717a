/* Finds the kernels that this CPU can run. No other file asks the CPU what it supports. */
#include "training.h"

#include <string.h>

static int always(void) { return 1; }

#if defined(__x86_64__)
static int has_sse41(void) { return __builtin_cpu_supports("sse4.1"); }
static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
static int has_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}
static int has_avx512bf16(void) { return has_avx512() && __builtin_cpu_supports("avx512bf16"); }
#endif

/* The instruction sets of this architecture: those with bfloat16 products, then those with float32, fastest first. */
static const struct {
    const training_kernels *table;
    int (*runs_here)(void);
} sets[] = {
#if defined(__x86_64__)
    {&training_avx512bf16, has_avx512bf16},
#endif
    {&training_baseline_bf16, always},
#if defined(__x86_64__)
    {&training_avx512, has_avx512},
    {&training_avx2, has_avx2},
    {&training_sse41, has_sse41},
#elif defined(__aarch64__)
    {&training_neon, always},
#endif
    {&training_baseline, always},
};
enum { set_count = sizeof sets / sizeof *sets };

const training_kernels *training_kernels_named(const char *name) {
    for (size_t i = 0; i < set_count; i++)
        if (strcmp(sets[i].table->name, name) == 0) return sets[i].runs_here() ? sets[i].table : NULL;
    return NULL;
}

const char *training_kernels_name(size_t index) { return index < set_count ? sets[index].table->name : NULL; }

size_t training_padded(size_t tokens) { return padded(tokens); }

size_t training_attention_scratch(size_t tokens, size_t head_dim) {
    return head_dim * padded(tokens) + 2 * tokens * padded(head_dim) + 2 * tokens * padded(tokens);
}
