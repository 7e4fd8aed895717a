/* Packing of words that hold two bfloat16 values, the first one in the lower half. */
#include "lanes.h"

#define PER_WORD 2

/* The upper halves of the values, rounded to the nearest, ties to even. */
INLINE vu rounded_halves(vf x) {
    vu bits = (vu)x;
    return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}
INLINE uint32_t rounded_half(float x) {
    uint32_t bits;
    memcpy(&bits, &x, 4);
    return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}

static void pack_rows(uint32_t *out, const float *x, size_t stride, size_t m, size_t k) {
    const size_t words = words_of(k, 2);
    for (size_t row = 0; row < m; row++, x += stride, out += words) {
        size_t i = 0;
        for (; i + 2 * LANES <= k; i += 2 * LANES) {
            vf a = load(x + i), b = load(x + i + LANES);
            vf even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
            vf odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
            *(vu *)(out + i / 2) = rounded_halves(even) | rounded_halves(odd) << 16;
        }
        for (; i < k; i += 2)
            out[i / 2] = rounded_half(x[i]) | (i + 1 < k ? rounded_half(x[i + 1]) << 16 : 0);
    }
}

static void pack_columns(uint32_t *out, const float *x, size_t stride, size_t k, size_t n) {
    for (size_t first = 0; first < n; first += training_panel)
        for (size_t row = 0; row < k; row += 2)
            for (size_t i = first; i < first + training_panel; i += LANES, out += LANES) {
                vf lower = {0}, upper = {0};
                if (i < n) lower = load_some(x + row * stride + i, n - i);
                if (i < n && row + 1 < k) upper = load_some(x + (row + 1) * stride + i, n - i);
                *(vu *)out = rounded_halves(lower) | rounded_halves(upper) << 16;
            }
}

static void pack_transposed(uint32_t *out, const float *x, size_t stride, size_t k, size_t n) {
    const size_t words = words_of(k, 2);
    for (size_t first = 0; first < n; first += training_panel) {
        const size_t used = n - first < training_panel ? n - first : training_panel;
        if (used < training_panel) memset(out, 0, words * training_panel * 4);
        for (size_t start = 0; start < words; start += 8)
            for (size_t column = 0; column < used; column++) {
                const float *from = x + (first + column) * stride;
                for (size_t i = start; i < words && i < start + 8; i++)
                    out[i * training_panel + column] =
                        rounded_half(from[2 * i]) | (2 * i + 1 < k ? rounded_half(from[2 * i + 1]) << 16 : 0);
            }
        out += words * training_panel;
    }
}
