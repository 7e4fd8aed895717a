/* AVX-512 with bfloat16: vdpbf16ps adds two products to each of sixteen sums. */
#if defined(__x86_64__)
#include "training.h"

#include <immintrin.h>

#pragma clang attribute push(                                                                            \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,fma"), min_vector_width(512))),       \
    apply_to = function)

#include "attention.h"
#include "lstm.h"
#include "pack_bf16.h"
#include "rows.h"
#include "table.h"

typedef float reg __attribute__((vector_size(64)));
#define WIDTH 16
#define VECTORS 3
#define ROWS 8
INLINE reg multiply_add(reg sum, uint32_t word, reg right) {
    return _mm512_dpbf16_ps(sum, (__m512bh)_mm512_set1_epi32((int32_t)word), (__m512bh)right);
}
#include "product.h"

#define NAME "avx512bf16"
TABLE(training_avx512bf16);

#pragma clang attribute pop
#endif
