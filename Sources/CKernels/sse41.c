/* SSE4.1, for the processors of a NAS: the arithmetic of avx2.c on vectors of half the width, without fused sums. */
#if defined(__x86_64__)
#include "kernels.h"
#include "prefetch.h"

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("sse4.1"))), apply_to = function)

#define NO_FMA
#include "float_kernels.h"

/* rows x 16 outputs. acc[r][p]: four int32 sums of row r, quarter p of the panel. */
INLINE void tile(const int rows, const size_t bits, float *out, size_t out_stride, const uint8_t *q, size_t stride,
                 const float *scale, const int32_t *zero, const kernels_q8_weights *w, size_t n, prefetch *ahead) {
    const size_t step = 32 / bits;   /* inputs in 64 bytes */
    const int8_t *data = w->data + n * w->k * bits / 8;
    const __m128i ones = _mm_set1_epi16(1);
    __m128i acc[2][4];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) acc[r][0] = acc[r][1] = acc[r][2] = acc[r][3] = _mm_setzero_si128();
    size_t fetch = ahead ? 0 : SIZE_MAX;   /* the input to do it at */
    for (size_t k = 0; k < w->k; k += step) {
        if (k == fetch) {
            prefetch_lines(ahead);
            fetch += 8 * step;
        }
#pragma clang loop unroll(full)
        for (size_t i = 0; i < step; i += 4) {
            const vi weights = weights_of(bits, data + k * 2 * bits, i);
            __m128i quarter[4];
            memcpy(quarter, &weights, sizeof quarter);
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) {
                uint32_t four;
                memcpy(&four, q + (size_t)r * stride + k + i, 4);
                const __m128i centred = _mm_set1_epi32((int32_t)(four ^ 0x80808080u)), size = _mm_abs_epi8(centred);
#pragma clang loop unroll(full)
                for (int p = 0; p < 4; p++) {
                    __m128i pairs = _mm_maddubs_epi16(size, _mm_sign_epi8(quarter[p], centred));
                    acc[r][p] = _mm_add_epi32(acc[r][p], _mm_madd_epi16(pairs, ones));
                }
            }
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
        store_outputs(out + (size_t)r * out_stride, acc[r], scale[r], zero[r] - 128, w, n);
}

#define ROWS 2
#include "matmul_q8.h"

const kernels kernels_sse41 = {"sse41", quantize_rows, matmul_q8, matmul_f32, layer_norm, gelu, attention, add_scaled};

#pragma clang attribute pop
#endif
