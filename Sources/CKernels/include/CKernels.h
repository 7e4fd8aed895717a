/* The arithmetic of a quantized transformer: what each kernel computes, whichever instruction set runs it.
 *
 * A kernel never fails, never allocates and keeps no state; sizes are checked and memory is owned by the caller.
 * reference.c defines every kernel in the plainest loops, down to the order of its sums. The other files do the same
 * faster, to the same bits: what a model answers does not depend on the machine it runs on. (SSE4.1 has no fused
 * multiply-add and rounds some sums twice; one in about 2^29 differs in its last bit.)
 * Pointers must not overlap unless a kernel says "in place". All matrices are row-major.
 */
#ifndef PINSON_CKERNELS_H
#define PINSON_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/* Rows of activations, each quantized on its own: x[m][k] = scale[m] * (q[m][k] - zero[m]).
 *
 * One scale a row, so that neither padding nor a neighbour in the batch changes an answer.
 * q is in 1...255, never 0: less 128 it lies in -127...127, the range in which an instruction set without
 * VNNI multiplies pairs exactly (127 * 127 * 2 < 2^15).
 */
typedef struct {
    uint8_t *_Nonnull q;      /* (m, stride); bytes from k to stride are zero points, so that they count nothing */
    float *_Nonnull scale;    /* (m) */
    int32_t *_Nonnull zero;   /* (m), in 1...255 */
    size_t m, stride;         /* stride: k rounded up to 8 */
} kernels_q8_rows;

/* Weights of one linear layer, symmetric integers with one scale per output channel: w[n][k] = scale[n] * value[n][k].
 *
 * Of 8 bits: data is the values, each in -127...127, packed [n/16][k/4][16][4]: four inputs of sixteen outputs lie in 64
 * bytes, in the order in which every instruction set reads them. Both n and k are padded with zeros, to 16 and 4.
 *
 * Of 4 bits: the values are multiples of 16 in -112...112, and of each the upper half is kept. Two times 64 bytes share 64:
 * the first in the lower halves of the bytes, the second in the upper ones, where they are values as they stand. k is
 * padded to 8.
 */
typedef struct {
    const int8_t *_Nonnull data;   /* (n/16, k/4, 16, 4), or (n/16, k/8, 16, 4) */
    const float *_Nonnull scale;   /* (n) */
    const int32_t *_Nonnull sum;   /* (n), the sum of value[n][0..<k], which takes the zero point out again */
    const float *_Nonnull bias;    /* (n) */
    size_t n, k;                   /* n a multiple of 16, k of 4 or 8 */
    size_t bits;                   /* of a weight: 8 or 4 */
} kernels_q8_weights;

/* What is applied to the outputs of a product while they are at hand. */
typedef enum { kernels_identity, kernels_gelu } kernels_activation;

typedef struct {
    const char *_Nonnull name;

    /* Quantizes each row of x over the range of its values, zero included: scale = (max - min) / 254,
     * q = round(x / scale) + zero, ties to even. A row whose range is under 1e-30 counts as zeros: scale 0.
     *
     * x  (rows->m, k), rows x_stride floats apart, finite. */
    void (*_Nonnull quantize_rows)(const kernels_q8_rows *_Nonnull rows, const float *_Nonnull x, size_t x_stride, size_t k);

    /* out[m][n] = f(a.scale[m] * w.scale[n] * sum_k (a.q[m][k] - a.zero[m]) * w.value[n][k] + w.bias[n])
     *
     * f is the activation, with the bits of `gelu`.
     * The sum is exact in int32 for k <= 65536 (255 * 128 * k < 2^31).
     * out  (a.m, w.n), rows out_stride floats apart. */
    void (*_Nonnull matmul_q8)(float *_Nonnull out, size_t out_stride, const kernels_q8_rows *_Nonnull a,
                               const kernels_q8_weights *_Nonnull w, kernels_activation activation);

    /* out[m][n] = sum_k x[m][k] * w[n][k] + bias[n], in float32.
     *
     * x (m, k) and out (m, n) with strides in floats, w (n, k). */
    void (*_Nonnull matmul_f32)(float *_Nonnull out, size_t out_stride, const float *_Nonnull x, size_t x_stride,
                                const float *_Nonnull w, const float *_Nonnull bias, size_t m, size_t n, size_t k);

    /* x[m] = normalized(x[m] + residual[m]) * gain + offset, in place; residual may be null.
     * Source: Ba et al. 2016, arXiv:1607.06450; the variance is the mean of squared distances (two passes).
     *
     * x, residual (m, width), rows `stride` and `residual_stride` floats apart; gain, offset (width). */
    void (*_Nonnull layer_norm)(float *_Nonnull x, size_t stride, const float *_Nullable residual, size_t residual_stride,
                                const float *_Nonnull gain, const float *_Nonnull offset, float epsilon, size_t m, size_t width);

    /* x = x * Phi(x), Phi the normal distribution: the exact GELU of arXiv:1606.08415, in place.
     * Absolute error below 5e-6 for |x| <= 8, below 1e-6 * |x| beyond. */
    void (*_Nonnull gelu)(float *_Nonnull x, size_t count);

    /* Self-attention of one text: out[t] = sum_s softmax_s(q[t] . k[s] / sqrt(head_dim)) * v[s], for each head.
     * Weights within 1e-6 of the exact softmax for logits whose range is under 80.
     *
     * q        (queries, heads, head_dim), rows q_stride floats apart.
     * k, v     (tokens, heads, head_dim), rows stride floats apart.
     * out      (queries, heads, head_dim), rows out_stride floats apart.
     * scratch  kernels_attention_scratch(tokens, head_dim) floats. */
    void (*_Nonnull attention)(float *_Nonnull out, size_t out_stride, const float *_Nonnull q, size_t q_stride,
                               const float *_Nonnull k, const float *_Nonnull v, size_t stride, size_t tokens, size_t queries,
                               size_t heads, size_t head_dim, float *_Nonnull scratch);

    /* out[i] = scale * q[i] + x[i]: a row of a quantized embedding table, and what is added to it. */
    void (*_Nonnull add_scaled)(float *_Nonnull out, const int8_t *_Nonnull q, float scale, const float *_Nonnull x, size_t count);
} kernels;

/* The kernels for this CPU: the fastest whose instructions it has. */
const kernels *_Nonnull kernels_for_this_cpu(void);

/* The kernels of one instruction set by name ("baseline", "sse41", "avx2", "avxvnni", "avx512vnni", "amx"; on AArch64
 * "neon"), or null where this CPU cannot run them or the name is unknown. "baseline" is reference.c and runs anywhere. */
const kernels *_Nullable kernels_named(const char *_Nonnull name);

/* The names kernels_named knows, fastest first: names[0..<return value]. */
size_t kernels_names(const char *_Nonnull const *_Nullable *_Nonnull names);

/* Tells the CPU that this thread waits for another, in a loop: some 20 nanoseconds. */
static inline void kernels_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

/* Floats of scratch that attention needs: transposed keys and eight rows of weights, padded to 16 tokens. */
size_t kernels_attention_scratch(size_t tokens, size_t head_dim);

#endif
