/* Packing of float32 words. */
#include "lanes.h"

#define PER_WORD 1

static void pack_rows(uint32_t *out, const float *x, size_t stride, size_t m, size_t k) {
    for (size_t row = 0; row < m; row++) memcpy(out + row * k, x + row * stride, k * 4);
}

static void pack_columns(uint32_t *out, const float *x, size_t stride, size_t k, size_t n) {
    for (size_t first = 0; first < n; first += training_panel) {
        const size_t used = n - first < training_panel ? n - first : training_panel;
        for (size_t row = 0; row < k; row++, out += training_panel) {
            memcpy(out, x + row * stride + first, used * 4);
            memset(out + used, 0, (training_panel - used) * 4);
        }
    }
}

static void pack_transposed(uint32_t *out, const float *x, size_t stride, size_t k, size_t n) {
    for (size_t first = 0; first < n; first += training_panel) {
        const size_t used = n - first < training_panel ? n - first : training_panel;
        if (used < training_panel) memset(out, 0, k * training_panel * 4);
        /* Eight values of each column in turn, so that a line of the cache is read once. */
        for (size_t start = 0; start < k; start += 8)
            for (size_t column = 0; column < used; column++)
                for (size_t i = start; i < k && i < start + 8; i++)
                    memcpy(out + i * training_panel + column, x + (first + column) * stride + i, 4);
        out += k * training_panel;
    }
}

INLINE float float_of(uint32_t word) {
    float value;
    memcpy(&value, &word, 4);
    return value;
}
