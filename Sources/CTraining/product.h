/* The tiles of a product, the same for every instruction set.
 *
 * Before the include, define ROWS (4, 6 or 8), VECTORS and WIDTH (floats in a register, so that
 * VECTORS * WIDTH divides 48), the type `reg` of a register, and multiply_add(sum, word, right), which adds the products
 * of a word of the left matrix and a register of words of the right matrix.
 */
#include "lanes.h"

INLINE void tile(const int rows, float *out, size_t out_stride, const uint32_t *left, size_t row_words, size_t k_words,
                 const uint32_t *right, const float *bias, int adds, size_t columns, size_t words) {
    reg sum[ROWS][VECTORS];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int c = 0; c < VECTORS; c++) sum[r][c] = (reg){0};
    for (size_t k = 0; k < words; k++) {
        reg values[VECTORS];
#pragma clang loop unroll(full)
        for (int c = 0; c < VECTORS; c++) memcpy(&values[c], right + k * training_panel + (size_t)c * WIDTH, sizeof(reg));
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            const uint32_t word = left[(size_t)r * row_words + k * k_words];
#pragma clang loop unroll(full)
            for (int c = 0; c < VECTORS; c++) sum[r][c] = multiply_add(sum[r][c], word, values[c]);
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
        float *to = out + (size_t)r * out_stride;
        const float *start = adds ? to : bias;
        if (columns >= VECTORS * WIDTH) {
#pragma clang loop unroll(full)
            for (int c = 0; c < VECTORS; c++) {
                reg total = sum[r][c], first;
                if (start) {
                    memcpy(&first, start + (size_t)c * WIDTH, sizeof(reg));
                    total += first;
                }
                memcpy(to + (size_t)c * WIDTH, &total, sizeof(reg));
            }
        } else {
            float total[VECTORS * WIDTH];
            memcpy(total, sum[r], sizeof total);
            for (size_t i = 0; i < columns; i++) to[i] = start ? total[i] + start[i] : total[i];
        }
    }
}

static void multiply(float *out, size_t out_stride, const uint32_t *left, training_left form, const uint32_t *right,
                     const float *bias, int adds, size_t m, size_t n, size_t k) {
    const size_t words = words_of(k, PER_WORD);
    const size_t row_words = form == training_left_rows ? words : 1;
    const size_t k_words = form == training_left_rows ? 1 : training_panel;
    for (size_t column = 0; column < n; column += VECTORS * WIDTH) {
        const uint32_t *r =
            right + column / training_panel * training_panel * words + column % training_panel;
        const float *b = bias ? bias + column : NULL;
        for (size_t row = 0; row < m; row += ROWS) {
            const uint32_t *l = form == training_left_rows
                                    ? left + row * words
                                    : left + row / training_panel * training_panel * words + row % training_panel;
            float *o = out + row * out_stride + column;
            switch (m - row < ROWS ? m - row : ROWS) {
#define TILE(rows)                                                                                        \
    case rows: tile(rows, o, out_stride, l, row_words, k_words, r, b, adds, n - column, words); break
                TILE(1); TILE(2); TILE(3); TILE(4);
#if ROWS > 4
                TILE(5); TILE(6);
#endif
#if ROWS > 6
                TILE(7); TILE(8);
#endif
#undef TILE
            }
        }
    }
}
