/* matmul_f32, with four outputs at a time. */
#include "vectors.h"

/* Computes `columns` outputs of one row together, because a single chain of sums waits for each addition. */
INLINE void dot_f32(const int columns, float *out, const float *x, const float *w, const float *bias, size_t k) {
    vf sum[4] = {{0}, {0}, {0}, {0}};
    size_t i = 0;
    for (; i + LANES <= k; i += LANES)
#pragma clang loop unroll(full)
        for (int c = 0; c < columns; c++) {
            /* One row alone is limited by memory, so the weights of the next columns are fetched early. */
            __builtin_prefetch(w + (size_t)(c + columns) * k + i, 0, 2);
            sum[c] = fma_of(load(x + i), load(w + (size_t)c * k + i), sum[c]);
        }
    if (i < k)
        for (int c = 0; c < columns; c++)
            sum[c] = fma_of(load_some(x + i, k - i), load_some(w + (size_t)c * k + i, k - i), sum[c]);
    for (int c = 0; c < columns; c++) out[c] = sum_of(sum[c]) + bias[c];
}

static void matmul_f32(float *out, size_t out_stride, const float *x, size_t x_stride, const float *w,
                       const float *bias, size_t m, size_t n, size_t k) {
    size_t column = 0;
    for (; column + 4 <= n; column += 4)
        for (size_t row = 0; row < m; row++)
            dot_f32(4, out + row * out_stride + column, x + row * x_stride, w + column * k, bias + column, k);
    for (; column < n; column++)
        for (size_t row = 0; row < m; row++)
            dot_f32(1, out + row * out_stride + column, x + row * x_stride, w + column * k, bias + column, k);
}
