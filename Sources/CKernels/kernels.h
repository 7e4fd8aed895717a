/* Private to this room: one table an instruction set. */
#ifndef PINSON_KERNELS_PRIVATE_H
#define PINSON_KERNELS_PRIVATE_H

#include "CKernels.h"

extern const kernels kernels_baseline;
#if defined(__x86_64__)
extern const kernels kernels_sse41, kernels_avx2, kernels_avxvnni, kernels_avx512vnni, kernels_amx;
#elif defined(__aarch64__)
extern const kernels kernels_neon;
#endif

/* Tokens are padded to a vector, so that every instruction set strides through the same scratch. */
static inline size_t kernels_padded_tokens(size_t tokens) { return (tokens + 15) / 16 * 16; }

/* Rows of a tile when m rows are split into as few tiles of at most `most` as there can be: 13 are 7 and 6, not 12 and 1. */
static inline size_t even_rows(size_t m, size_t most) {
    const size_t tiles = (m + most - 1) / most;
    return m == 0 ? 1 : (m + tiles - 1) / tiles;
}

#endif
