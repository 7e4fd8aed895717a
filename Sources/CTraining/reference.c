/* The definition of the kernels with float32 products, in plain loops. */
#include "reference_attention.h"
#include "reference_lstm.h"
#include "table.h"

#define PER_WORD 1

static void pack_rows(uint32_t *out, const float *x, size_t stride, size_t m, size_t k) {
    for (size_t row = 0; row < m; row++) memcpy(out + row * k, x + row * stride, k * 4);
}

static void pack(uint32_t *out, const float *x, size_t k_stride, size_t n_stride, size_t k, size_t n) {
    for (size_t column = 0; column < words_of(n, training_panel) * training_panel; column++)
        for (size_t i = 0; i < k; i++) {
            uint32_t *to = out + (column / training_panel * k + i) * training_panel + column % training_panel;
            *to = 0;
            if (column < n) memcpy(to, x + i * k_stride + column * n_stride, 4);
        }
}

static void pack_columns(uint32_t *out, const float *x, size_t stride, size_t k, size_t n) {
    pack(out, x, stride, 1, k, n);
}

static void pack_transposed(uint32_t *out, const float *x, size_t stride, size_t k, size_t n) {
    pack(out, x, 1, stride, k, n);
}

static float value(const uint32_t *words, training_left form, size_t row, size_t i, size_t k) {
    float value;
    memcpy(&value,
           form == training_left_rows
               ? words + row * k + i
               : words + (row / training_panel * k + i) * training_panel + row % training_panel,
           4);
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

#define NAME "baseline"
TABLE(training_baseline);
