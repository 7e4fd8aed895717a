/* The tables of all instruction sets, and the sizes that their kernels share. Private to this target. */
#ifndef PINSON_TRAINING_PRIVATE_H
#define PINSON_TRAINING_PRIVATE_H

#include "CTraining.h"

extern const training_kernels training_baseline, training_baseline_bf16;
#if defined(__x86_64__)
extern const training_kernels training_sse41, training_avx2, training_avx512, training_avx512bf16;
#elif defined(__aarch64__)
extern const training_kernels training_neon;
#endif

/* The next multiple of sixteen. */
static inline size_t padded(size_t count) { return (count + 15) / 16 * 16; }

/* The words of k values. */
static inline size_t words_of(size_t k, size_t per_word) { return (k + per_word - 1) / per_word; }

/* The logistic function of z from its table. What is not a number counts as very small. */
static inline float logistic_of(float z, const float *table) {
    if (z >= training_logistic_limit) return 1;
    return z > -training_logistic_limit ? table[(int)((z + training_logistic_limit) * training_logistic_unit)] : 0;
}

#endif
