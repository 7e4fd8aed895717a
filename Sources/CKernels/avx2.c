/* AVX2, for processors without VNNI (vector neural network instructions).
 *
 * AVX2 multiplies uint8 by int8 with vpmaddubsw, which adds two products in int16 and can saturate. To prevent this,
 * 128 is subtracted from each activation, and the sign of the result moves to the weight. A pair of products is then at
 * most 127 * 127 * 2 = 32258 < 2^15, so every sum is exact.
 */
#if defined(__x86_64__)
#include "kernels.h"

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#include "attention.h"
#include "elementwise.h"
#include "lstm.h"
#include "matmul_f32.h"

/* Adds four products to each of sixteen sums. */
INLINE vi add_products(vi sums, uint32_t four, vi weights) {
    const __m256i centred = _mm256_set1_epi32((int32_t)(four ^ 0x80808080u)), size = _mm256_abs_epi8(centred);
    __m256i sum[2], weight[2];
    memcpy(sum, &sums, sizeof sum);
    memcpy(weight, &weights, sizeof weight);
#pragma clang loop unroll(full)
    for (int i = 0; i < 2; i++) {
        __m256i pairs = _mm256_maddubs_epi16(size, _mm256_sign_epi8(weight[i], centred));
        sum[i] = _mm256_add_epi32(sum[i], _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
    }
    memcpy(&sums, sum, sizeof sum);
    return sums;
}

#define ROWS 4
#define CENTRE 128
#include "matmul_q8.h"

const kernels kernels_avx2 = {
    "avx2", quantize_rows, matmul_q8, matmul_f32, layer_norm, gelu, gelu_tanh, attention, add_scaled, lstm,
};

#pragma clang attribute pop
#endif
