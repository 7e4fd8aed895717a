/* The definition of the kernels with bfloat16 products, in plain loops. */
#include "reference_attention.h"
#include "reference_lstm.h"
#include "table.h"

#define PER_WORD 2

static uint32_t half(float x) {
    uint32_t bits;
    memcpy(&bits, &x, 4);
    return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}

static void pack_rows(uint32_t *out, const float *x, size_t stride, size_t m, size_t k) {
    for (size_t row = 0; row < m; row++)
        for (size_t i = 0; i < k; i += 2)
            out[row * words_of(k, 2) + i / 2] =
                half(x[row * stride + i]) | (i + 1 < k ? half(x[row * stride + i + 1]) << 16 : 0);
}

static void pack(uint32_t *out, const float *x, size_t k_stride, size_t n_stride, size_t k, size_t n) {
    const size_t words = words_of(k, 2);
    for (size_t column = 0; column < words_of(n, training_panel) * training_panel; column++)
        for (size_t i = 0; i < k; i += 2) {
            const float *from = x + i * k_stride + column * n_stride;
            out[(column / training_panel * words + i / 2) * training_panel + column % training_panel] =
                column < n ? half(from[0]) | (i + 1 < k ? half(from[k_stride]) << 16 : 0) : 0;
        }
}

static void pack_columns(uint32_t *out, const float *x, size_t stride, size_t k, size_t n) {
    pack(out, x, stride, 1, k, n);
}

static void pack_transposed(uint32_t *out, const float *x, size_t stride, size_t k, size_t n) {
    pack(out, x, 1, stride, k, n);
}

static float value(const uint32_t *words, training_left form, size_t row, size_t i, size_t k) {
    const size_t count = words_of(k, 2);
    const uint32_t word = form == training_left_rows
                              ? words[row * count + i / 2]
                              : words[(row / training_panel * count + i / 2) * training_panel + row % training_panel];
    const uint32_t bits = i % 2 == 0 ? word << 16 : word & 0xFFFF0000u;
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

static void multiply(float *out, size_t out_stride, const uint32_t *left, training_left form, const uint32_t *right,
                     const float *bias, int adds, size_t m, size_t n, size_t k) {
    for (size_t row = 0; row < m; row++)
        for (size_t column = 0; column < n; column++) {
            float sum = 0, *to = out + row * out_stride + column;
            for (size_t i = 0; i < k; i++)
                sum = fmaf(value(left, form, row, i, k), value(right, training_left_columns, column, i, k), sum);
            *to = adds ? sum + *to : bias ? sum + bias[column] : sum;
        }
}

#define NAME "baseline-bf16"
TABLE(training_baseline_bf16);
