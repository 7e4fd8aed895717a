/* SSE4.1, for processors without AVX2, such as those of small network storage devices.
 *
 * The arithmetic is that of avx2.c, on registers of half the size and without fused multiply-add.
 */
#if defined(__x86_64__)
#include "kernels.h"

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("sse4.1"))), apply_to = function)

#define NO_FMA
#include "attention.h"
#include "elementwise.h"
#include "lstm.h"
#include "matmul_f32.h"

/* Adds four products to each of sixteen sums. avx2.c explains why the pairs do not saturate. */
INLINE vi add_products(vi sums, uint32_t four, vi weights) {
    const __m128i centred = _mm_set1_epi32((int32_t)(four ^ 0x80808080u)), size = _mm_abs_epi8(centred);
    __m128i sum[4], weight[4];
    memcpy(sum, &sums, sizeof sum);
    memcpy(weight, &weights, sizeof weight);
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
        __m128i pairs = _mm_maddubs_epi16(size, _mm_sign_epi8(weight[i], centred));
        sum[i] = _mm_add_epi32(sum[i], _mm_madd_epi16(pairs, _mm_set1_epi16(1)));
    }
    memcpy(&sums, sum, sizeof sum);
    return sums;
}

#define ROWS 2
#define CENTRE 128
#include "matmul_q8.h"

const kernels kernels_sse41 = {
    "sse41", quantize_rows, matmul_q8, matmul_f32, layer_norm, gelu, gelu_tanh, attention, add_scaled, lstm,
};

#pragma clang attribute pop
#endif
