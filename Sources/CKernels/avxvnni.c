/* AVX-VNNI: the vpdpbusd of AVX-512 VNNI on registers of half the size, for processors that have no AVX-512. */
#if defined(__x86_64__)
#include "kernels.h"
#include "prefetch.h"

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,avxvnni,fma"))), apply_to = function)

#include "float_kernels.h"

/* rows x 16 outputs. acc[r][h]: eight int32 sums of row r, half h of the panel; twelve of them hide the five cycles that
 * each addition takes. */
INLINE void tile(const int rows, const size_t bits, float *out, size_t out_stride, const uint8_t *q, size_t stride,
                 const float *scale, const int32_t *zero, const kernels_q8_weights *w, size_t n, prefetch *ahead) {
    const size_t step = 32 / bits;   /* inputs in 64 bytes */
    const int8_t *data = w->data + n * w->k * bits / 8;
    __m256i acc[6][2];
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
                int32_t four;
                memcpy(&four, q + (size_t)r * stride + k + i, 4);
                const __m256i activations = _mm256_set1_epi32(four);
#pragma clang loop unroll(full)
                for (int h = 0; h < 2; h++) acc[r][h] = _mm256_dpbusd_avx_epi32(acc[r][h], activations, half[h]);
            }
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) store_outputs(out + (size_t)r * out_stride, acc[r], scale[r], zero[r], w, n);
}

#define ROWS 6
#include "matmul_q8.h"

const kernels kernels_avxvnni = {"avxvnni", quantize_rows, matmul_q8, matmul_f32, layer_norm, gelu, attention, add_scaled};

#pragma clang attribute pop
#endif
