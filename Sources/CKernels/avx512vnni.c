/* AVX-512 with VNNI: vpdpbusd adds four uint8 * int8 products to each of sixteen int32 lanes, without saturating. */
#if defined(__x86_64__)
#include "kernels.h"

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma"), min_vector_width(512))), apply_to = function)

#define QUERIES 6
#define SUMS 2
#include "float_kernels.h"

/* rows x 16 * panels outputs. acc[r][p]: sixteen int32 sums of row r; 24 accumulators leave registers for the
 * weights of two panels and one broadcast of four activations. */
INLINE void tile(const int rows, const int panels, float *out, size_t out_stride, const uint8_t *q, size_t stride,
                 const float *scale, const int32_t *zero, const kernels_q8_weights *w, size_t n, const int8_t *next) {
    const int8_t *data = w->data + n * w->k;
    __m512i acc[12][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int p = 0; p < panels; p++) acc[r][p] = _mm512_setzero_si512();
    for (size_t k = 0; k < w->k; k += 4) {
        __m512i weights[2];
        for (int p = 0; p < panels; p++) _mm_prefetch(next + ((size_t)p * w->k + k) * 16, _MM_HINT_T1);
#pragma clang loop unroll(full)
        for (int p = 0; p < panels; p++) weights[p] = _mm512_loadu_si512(data + (size_t)p * 16 * w->k + k * 16);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            int32_t four;
            memcpy(&four, q + (size_t)r * stride + k, 4);
            __m512i activations = _mm512_set1_epi32(four);
#pragma clang loop unroll(full)
            for (int p = 0; p < panels; p++) acc[r][p] = _mm512_dpbusd_epi32(acc[r][p], activations, weights[p]);
        }
    }
#pragma clang loop unroll(full)
    for (int p = 0; p < panels; p++) {
        const size_t column = n + (size_t)p * 16;
        const __m512i sum = _mm512_loadu_si512(w->sum + column);
        const __m512 w_scale = _mm512_loadu_ps(w->scale + column), bias = _mm512_loadu_ps(w->bias + column);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            __m512i exact = _mm512_sub_epi32(acc[r][p], _mm512_mullo_epi32(_mm512_set1_epi32(zero[r]), sum));
            __m512 factor = _mm512_mul_ps(_mm512_set1_ps(scale[r]), w_scale);
            __m512 product = _mm512_mul_ps(_mm512_cvtepi32_ps(exact), factor);
            _mm512_storeu_ps(out + (size_t)r * out_stride + column, _mm512_add_ps(product, bias));
        }
    }
}

#define TILE(rows) case rows: if (panels == 2) tile(rows, 2, o, out_stride, q, a->stride, scale, zero, w, n, next); \
                              else tile(rows, 1, o, out_stride, q, a->stride, scale, zero, w, n, next); break

static void matmul_q8(float *out, size_t out_stride, const kernels_q8_rows *a, const kernels_q8_weights *w) {
    for (size_t n = 0; n < w->n; n += 32) {
        const int panels = w->n - n >= 32 ? 2 : 1;
        for (size_t m = 0; m < a->m; m += 12) {
            const int8_t *next = w->data + (n + (m == 0 ? 32 : 0)) * w->k;
            float *o = out + m * out_stride;
            const uint8_t *q = a->q + m * a->stride;
            const float *scale = a->scale + m;
            const int32_t *zero = a->zero + m;
            switch (a->m - m) {
                TILE(1); TILE(2); TILE(3); TILE(4); TILE(5); TILE(6); TILE(7); TILE(8); TILE(9); TILE(10); TILE(11);
                default:
                TILE(12);
            }
        }
    }
}

const kernels kernels_avx512vnni = {"avx512vnni", quantize_rows, matmul_q8, matmul_f32, layer_norm, gelu, attention, add_scaled};

#pragma clang attribute pop
#endif
