/* AVX-512 with VNNI (vector neural network instructions): vpdpbusd adds four uint8 * int8 products to each of sixteen
 * int32 lanes, without saturating.
 */
#if defined(__x86_64__)
#include "kernels.h"
#include "prefetch.h"

#include <immintrin.h>

#pragma clang attribute push(                                                                            \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma"), min_vector_width(512))), \
    apply_to = function)

#define QUERIES 6
#define SUMS 2
#include "attention.h"
#include "elementwise.h"
#include "lstm.h"
#include "matmul_f32.h"
#include "tile.h"

/* Computes `rows` x 16 * `panels` outputs. If `ahead` is not null, also prefetches weights, 512 bytes every four steps.
 *
 * acc[r][p] holds the sixteen int32 sums of row r in panel p. With 24 accumulators, enough registers remain for the
 * weights of two panels and one broadcast of four activations. */
INLINE void tile(const int rows, const int panels, const size_t bits, float *out, size_t out_stride, const uint8_t *q,
                 size_t stride, const float *scale, const int32_t *zero, const kernels_q8_weights *w, size_t n,
                 prefetch *ahead) {
    const size_t step = 32 / bits;            /* inputs in 64 bytes */
    const size_t panel = w->k * 2 * bits;     /* bytes of a panel, which is sixteen outputs */
    const int8_t *data = w->data + n / 16 * panel;
    __m512i acc[12][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int p = 0; p < panels; p++) acc[r][p] = _mm512_setzero_si512();
    size_t fetch = ahead ? 0 : SIZE_MAX;   /* the input at which to prefetch next */
    for (size_t k = 0; k < w->k; k += step) {
        if (k == fetch) {
            prefetch_lines(ahead);
            fetch += 4 * step;
        }
#pragma clang loop unroll(full)
        for (size_t i = 0; i < step; i += 4) {
            __m512i weights[2];
#pragma clang loop unroll(full)
            for (int p = 0; p < panels; p++)
                weights[p] = (__m512i)weights_of(bits, data + (size_t)p * panel + k * 2 * bits, i);
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) {
                int32_t four;
                memcpy(&four, q + (size_t)r * stride + k + i, 4);
                __m512i activations = _mm512_set1_epi32(four);
#pragma clang loop unroll(full)
                for (int p = 0; p < panels; p++) acc[r][p] = _mm512_dpbusd_epi32(acc[r][p], activations, weights[p]);
            }
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int p = 0; p < panels; p++)
            store_outputs(out + (size_t)r * out_stride, &acc[r][p], scale[r], zero[r], w, n + (size_t)p * 16);
}

/* matmul_q8 for one number of bits. Only the first tile of rows prefetches, because all tiles read the same weights. */
INLINE void products(const size_t bits, float *out, size_t out_stride, const kernels_q8_rows *a,
                     const kernels_q8_weights *w, kernels_activation activation) {
    const size_t rows = even_rows(a->m, 12);
    prefetch ahead = prefetch_after(w->data);
    for (size_t n = 0; n < w->n; n += 32) {
        const int panels = w->n - n >= 32 ? 2 : 1;
        for (size_t m = 0; m < a->m; m += rows) {
            prefetch *fetch = m == 0 ? &ahead : NULL;
            float *o = out + m * out_stride;
            const uint8_t *q = a->q + m * a->stride;
            const float *scale = a->scale + m;
            const int32_t *zero = a->zero + m;
            switch (a->m - m < rows ? a->m - m : rows) {
#define TILE(rows)                                                                                                    \
    case rows:                                                                                                        \
        if (panels == 2) tile(rows, 2, bits, o, out_stride, q, a->stride, scale, zero, w, n, fetch);                  \
        else tile(rows, 1, bits, o, out_stride, q, a->stride, scale, zero, w, n, fetch);                              \
        activate(activation, o + n, out_stride, rows, 16 * (size_t)panels);                                           \
        break
                TILE(1); TILE(2); TILE(3); TILE(4); TILE(5); TILE(6);
                TILE(7); TILE(8); TILE(9); TILE(10); TILE(11); TILE(12);
#undef TILE
            }
        }
    }
}

static void matmul_q8(float *out, size_t out_stride, const kernels_q8_rows *a, const kernels_q8_weights *w,
                      kernels_activation activation) {
    if (w->bits == 8) products(8, out, out_stride, a, w, activation);
    else products(4, out, out_stride, a, w, activation);
}

const kernels kernels_avx512vnni = {
    "avx512vnni", quantize_rows, matmul_q8, matmul_f32, layer_norm, gelu, gelu_tanh, attention, add_scaled, lstm,
};

#pragma clang attribute pop
#endif
