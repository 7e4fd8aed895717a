/* What every tile of matmul_q8 begins and ends with: weights as they are multiplied, and outputs from sums. */

/* Four inputs of sixteen outputs, from the 64 bytes that hold them: `i` is 4 for the second half of what weights of 4 bits
 * have there, else 0. */
INLINE vi weights_of(const size_t bits, const int8_t *stored, size_t i) {
    const vi both = *(const vi *)stored, upper = (vi){0} + (int32_t)0xF0F0F0F0;
    return bits == 8 ? both : (i == 0 ? both << 4 : both) & upper;
}

/* Sixteen outputs of one row from their sums, int32[16], which are often the registers of a tile: nothing moves then.
 * `zero` counts from where the activations of the sums do. */
INLINE void store_outputs(float *out, const void *sums, float scale, int32_t zero, const kernels_q8_weights *w, size_t column) {
    vi exact = *(const vi *)sums - zero * *(const vi *)(w->sum + column);
    vf product = __builtin_convertvector(exact, vf) * (splat(scale) * load(w->scale + column));
    store(out + column, product + load(w->bias + column));
}

/* What `activation` makes of a tile of outputs that has just been stored; columns a multiple of sixteen. */
INLINE void activate(kernels_activation activation, float *out, size_t out_stride, size_t rows, size_t columns) {
    if (activation != kernels_gelu) return;
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < columns; i += LANES) store(out + r * out_stride + i, gelu_of(load(out + r * out_stride + i)));
}
