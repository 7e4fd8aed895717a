/* The beginning and the end of every tile of matmul_q8: unpacked weights, and outputs made from sums. */
#ifndef PINSON_TILE_H
#define PINSON_TILE_H

#include "vectors.h"

/* Returns four inputs of sixteen outputs as 8-bit values, from the 64 bytes that hold them.
 * With 4 bits, i = 0 selects the first four inputs of these bytes and i = 4 the second. With 8 bits, i is 0. */
INLINE vi weights_of(const size_t bits, const int8_t *stored, size_t i) {
    const vi both = *(const vi *)stored, upper = (vi){0} + (int32_t)0xF0F0F0F0;
    return bits == 8 ? both : (i == 0 ? both << 4 : both) & upper;
}

/* Turns the sums of one row, int32[16], into sixteen outputs and stores them.
 * `sums` is a pointer so that sums which are already in registers stay there. `zero` is the zero point relative to the
 * number that was subtracted from the activations. */
INLINE void store_outputs(float *out, const void *sums, float scale, int32_t zero, const kernels_q8_weights *w,
                          size_t column) {
    vi exact = *(const vi *)sums - zero * *(const vi *)(w->sum + column);
    vf product = __builtin_convertvector(exact, vf) * (splat(scale) * load(w->scale + column));
    store(out + column, product + load(w->bias + column));
}

/* Applies the activation to a tile of outputs just after they were stored. `columns` is a multiple of sixteen. */
INLINE void activate(kernels_activation activation, float *out, size_t out_stride, size_t rows, size_t columns) {
    if (activation != kernels_gelu) return;
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < columns; i += LANES)
            store(out + r * out_stride + i, gelu_of(load(out + r * out_stride + i)));
}

#endif
