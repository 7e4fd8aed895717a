/* The tables of all instruction sets, and the sizes that their kernels share. Private to this target. */
#ifndef PINSON_KERNELS_PRIVATE_H
#define PINSON_KERNELS_PRIVATE_H

#include "CKernels.h"

extern const kernels kernels_baseline;
#if defined(__x86_64__)
extern const kernels kernels_sse41, kernels_avx2, kernels_avxvnni, kernels_avx512vnni, kernels_amx;
#elif defined(__aarch64__)
extern const kernels kernels_neon;
#endif

/* Rounds a number of tokens up to whole vectors of sixteen, the row length of the attention scratch. */
static inline size_t kernels_padded_tokens(size_t tokens) { return (tokens + 15) / 16 * 16; }

/* Returns the rows of each tile when m rows are split evenly into the fewest tiles of at most `most` rows.
 * For example, 13 rows with at most 12 become tiles of 7 and 6, not of 12 and 1. */
static inline size_t even_rows(size_t m, size_t most) {
    const size_t tiles = (m + most - 1) / most;
    return m == 0 ? 1 : (m + tiles - 1) / tiles;
}

#endif
