/* AVX-VNNI: the vpdpbusd of AVX-512 VNNI on registers of half the size, for processors that have no AVX-512. */
#if defined(__x86_64__)
#include "kernels.h"
#include "prefetch.h"

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,avxvnni,fma"))), apply_to = function)

#include "float_kernels.h"

/* rows x 16 outputs. acc[r][h]: eight int32 sums of row r, half h of the panel; twelve of them hide the five cycles that
 * each addition takes. */
INLINE void tile(const int rows, float *out, size_t out_stride, const uint8_t *q, size_t stride, const float *scale,
                 const int32_t *zero, const kernels_q8_weights *w, size_t n, prefetch *ahead) {
    const int8_t *data = w->data + n * w->k;
    __m256i acc[6][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) acc[r][0] = acc[r][1] = _mm256_setzero_si256();
    for (size_t k = 0; k < w->k; k += 4) {
        if (ahead && k % 32 == 0) prefetch_lines(ahead);
        const __m256i *weights = (const __m256i *)(data + k * 16);
        const __m256i half[2] = {_mm256_loadu_si256(weights), _mm256_loadu_si256(weights + 1)};
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            int32_t four;
            memcpy(&four, q + (size_t)r * stride + k, 4);
            const __m256i activations = _mm256_set1_epi32(four);
#pragma clang loop unroll(full)
            for (int h = 0; h < 2; h++) acc[r][h] = _mm256_dpbusd_avx_epi32(acc[r][h], activations, half[h]);
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
