/* matmul_q8 in tiles of sixteen outputs, for instruction sets whose registers hold fewer than sixteen sums.
 *
 * Before the include, define:
 * - add_products, which adds four products of one row to each of sixteen sums,
 * - ROWS, the number of rows whose sums fit in the registers: 2, 4 or 6,
 * - CENTRE, the number that add_products subtracts from each activation before it multiplies.
 */
#include "prefetch.h"
#include "tile.h"

/* Computes `rows` x 16 outputs. If `ahead` is not null, also prefetches weights, 512 bytes for every 512 bytes read. */
INLINE void tile(const int rows, const size_t bits, float *out, size_t out_stride, const uint8_t *q, size_t stride,
                 const float *scale, const int32_t *zero, const kernels_q8_weights *w, size_t n, prefetch *ahead) {
    const size_t step = 32 / bits;   /* inputs in 64 bytes */
    const int8_t *data = w->data + n * w->k * bits / 8;
    vi sums[ROWS];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) sums[r] = (vi){0};
    size_t fetch = ahead ? 0 : SIZE_MAX;   /* the input at which to prefetch next */
    for (size_t k = 0; k < w->k; k += step) {
        if (k == fetch) {
            prefetch_lines(ahead);
            fetch += 8 * step;
        }
#pragma clang loop unroll(full)
        for (size_t i = 0; i < step; i += 4) {
            const vi weights = weights_of(bits, data + k * 2 * bits, i);
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) {
                uint32_t four;
                memcpy(&four, q + (size_t)r * stride + k + i, 4);
                sums[r] = add_products(sums[r], four, weights);
            }
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
        store_outputs(out + (size_t)r * out_stride, &sums[r], scale[r], zero[r] - CENTRE, w, n);
}

/* matmul_q8 for one number of bits. Only the first tile of rows prefetches, because all tiles read the same weights. */
INLINE void products(const size_t bits, float *out, size_t out_stride, const kernels_q8_rows *a,
                     const kernels_q8_weights *w, kernels_activation activation) {
    const size_t rows = even_rows(a->m, ROWS);
    prefetch ahead = prefetch_after(w->data);
    for (size_t n = 0; n < w->n; n += 16)
        for (size_t m = 0; m < a->m; m += rows) {
            prefetch *fetch = m == 0 ? &ahead : NULL;
            float *o = out + m * out_stride;
            const uint8_t *q = a->q + m * a->stride;
            switch (a->m - m < rows ? a->m - m : rows) {
#define TILE(rows)                                                                                                    \
    case rows:                                                                                                        \
        tile(rows, bits, o, out_stride, q, a->stride, a->scale + m, a->zero + m, w, n, fetch);                        \
        activate(activation, o + n, out_stride, rows, 16);                                                            \
        break
                TILE(1);
                TILE(2);
#if ROWS > 2
                TILE(3);
                TILE(4);
#endif
#if ROWS > 4
                TILE(5);
                TILE(6);
#endif
#undef TILE
            }
        }
}

static void matmul_q8(float *out, size_t out_stride, const kernels_q8_rows *a, const kernels_q8_weights *w,
                      kernels_activation activation) {
    if (w->bits == 8) products(8, out, out_stride, a, w, activation);
    else products(4, out, out_stride, a, w, activation);
}
