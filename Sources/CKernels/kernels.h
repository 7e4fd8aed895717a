/* Private to this room: one table an instruction set. */
#ifndef PINSON_KERNELS_PRIVATE_H
#define PINSON_KERNELS_PRIVATE_H

#include "CKernels.h"

extern const kernels kernels_baseline;
#if defined(__x86_64__)
extern const kernels kernels_sse41, kernels_avx2, kernels_avx512vnni;
#elif defined(__aarch64__)
extern const kernels kernels_neon;
#endif

/* Tokens are padded to a vector, so that every instruction set strides through the same scratch. */
static inline size_t kernels_padded_tokens(size_t tokens) { return (tokens + 15) / 16 * 16; }

#endif
