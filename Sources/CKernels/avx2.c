/* AVX2: no instruction multiplies uint8 by int8 into int32 without saturating between, so the pairs are kept small.
 *
 * vpmaddubsw adds two products in int16. With the activation taken to -127...127 and its sign moved to the weight,
 * a pair is at most 127 * 127 * 2 = 32258 < 2^15: exact.
 */
#if defined(__x86_64__)
#include "kernels.h"
#include "prefetch.h"

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#include "float_kernels.h"

/* rows x 16 outputs. acc[r][h]: eight int32 sums of row r, half h of the panel. */
INLINE void tile(const int rows, const size_t bits, float *out, size_t out_stride, const uint8_t *q, size_t stride,
                 const float *scale, const int32_t *zero, const kernels_q8_weights *w, size_t n, prefetch *ahead) {
    const size_t step = 32 / bits;   /* inputs in 64 bytes */
    const int8_t *data = w->data + n * w->k * bits / 8;
    const __m256i ones = _mm256_set1_epi16(1);
    __m256i acc[4][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) acc[r][0] = acc[r][1] = _mm256_setzero_si256();
    size_t fetch = ahead ? 0 : SIZE_MAX;   /* the input to do it at */
    for (size_t k = 0; k < w->k; k += step) {
        if (k == fetch) {
            prefetch_lines(ahead);
            fetch += 8 * step;
        }
#pragma clang loop unroll(full)
        for (size_t i = 0; i < step; i += 4) {
            const vi weights = weights_of(bits, data + k * 2 * bits, i);
            __m256i half[2];
            memcpy(half, &weights, sizeof half);
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) {
                uint32_t four;
                memcpy(&four, q + (size_t)r * stride + k + i, 4);
                __m256i centred = _mm256_set1_epi32((int32_t)(four ^ 0x80808080u)), size = _mm256_abs_epi8(centred);
#pragma clang loop unroll(full)
                for (int h = 0; h < 2; h++) {
                    __m256i pairs = _mm256_maddubs_epi16(size, _mm256_sign_epi8(half[h], centred));
                    acc[r][h] = _mm256_add_epi32(acc[r][h], _mm256_madd_epi16(pairs, ones));
                }
            }
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
        store_outputs(out + (size_t)r * out_stride, acc[r], scale[r], zero[r] - 128, w, n);
}

#define ROWS 4
#include "matmul_q8.h"

const kernels kernels_avx2 = {"avx2", quantize_rows, matmul_q8, matmul_f32, layer_norm, gelu, attention, add_scaled};

#pragma clang attribute pop
#endif
