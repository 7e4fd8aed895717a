/* Arithmetic kernels for the inference of quantized transformers and recurrent networks.
 *
 * This header is the contract: it documents what each kernel computes and how its data is laid out. `reference.c`
 * defines every kernel in plain loops, including the order of its sums. The other files compute the same bits with the
 * instructions of particular processors, so a model gives the same answer on every machine. SSE4.1 is the exception: it
 * has no fused multiply-add, and about one sum in 2^29 differs in its last bit.
 *
 * A kernel never fails, allocates no memory and keeps no state. The caller checks all sizes and owns all memory.
 * Pointers must not overlap, except where a kernel works in place. Matrices are row-major. Shapes are written as
 * (rows, columns), and a stride is the distance between the starts of two rows, in elements.
 */
#ifndef PINSON_CKERNELS_H
#define PINSON_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Rows of activations, quantized to 8-bit integers.
///
/// The integers stand for the values x[m][k] = scale[m] * (q[m][k] - zero[m]). Each row has a scale and a zero point of
/// its own, so its result depends neither on padding nor on the other rows of a batch.
///
/// Every q is in 1...255. The value 0 is not used: q - 128 then lies in -127...127, and processors without VNNI (vector
/// neural network instructions) can add two products in 16 bits without overflow, because 127 * 127 * 2 < 2^15.
typedef struct {
    uint8_t *_Nonnull q;      ///< (m, stride). The bytes from k to stride hold the zero point and add nothing to a sum.
    float *_Nonnull scale;    ///< (m)
    int32_t *_Nonnull zero;   ///< (m), each in 1...255.
    size_t m;                 ///< The number of rows.
    size_t stride;            ///< k, rounded up to a multiple of 8.
} kernels_q8_rows;

/// The weights of a linear layer: signed integers with one scale for each output.
///
/// The integers stand for the weights w[n][k] = scale[n] * value[n][k]. They are packed in the order in which every
/// instruction set reads them.
///
/// - 8 bits: each value is in -127...127. The packing is [n/16][k/4][16][4], so 64 consecutive bytes hold four inputs
///   of sixteen outputs. Zeros pad n to a multiple of 16 and k to a multiple of 4.
/// - 4 bits: each value is a multiple of 16 in -112...112, and only its upper four bits are stored. The packing is
///   [n/16][k/8][16][4], so 64 consecutive bytes hold two groups of four inputs of sixteen outputs: the first group in
///   the lower halves of the bytes, the second in the upper halves. Zeros pad n to a multiple of 16 and k to a multiple
///   of 8.
typedef struct {
    const int8_t *_Nonnull data;   ///< (n/16, k/4, 16, 4) with 8 bits, (n/16, k/8, 16, 4) with 4 bits.
    const float *_Nonnull scale;   ///< (n)
    const int32_t *_Nonnull sum;   ///< (n), the sum of value[n][0..<k], which removes the zero point from a product.
    const float *_Nonnull bias;    ///< (n)
    size_t n;                      ///< The number of outputs, a multiple of 16.
    size_t k;                      ///< The number of inputs, a multiple of 4 (8 bits) or of 8 (4 bits).
    size_t bits;                   ///< The bits of a stored weight: 8 or 4.
} kernels_q8_weights;

/// The function that a matrix product applies to its outputs before it returns.
typedef enum { kernels_identity, kernels_gelu } kernels_activation;

/// The kernels of one instruction set.
typedef struct {
    /// The name of the instruction set, as `kernels_named` accepts it.
    const char *_Nonnull name;

    /// Quantizes each row of x over the range of its values and zero.
    ///
    /// For a row with the extremes min <= 0 <= max, scale = (max - min) / 254 and q = round(x / scale) + zero. Rounding
    /// takes ties to even. A row with max - min < 1e-30 counts as zeros and gets scale 0.
    ///
    /// x  (rows->m, k), finite, with stride x_stride.
    void (*_Nonnull quantize_rows)(const kernels_q8_rows *_Nonnull rows, const float *_Nonnull x, size_t x_stride,
                                   size_t k);

    /// Multiplies quantized rows by quantized weights.
    ///
    /// out[m][n] = f(a.scale[m] * w.scale[n] * sum_k (a.q[m][k] - a.zero[m]) * w.value[n][k] + w.bias[n])
    ///
    /// The function f is the activation; kernels_gelu gives the same bits as `gelu`. The integer sum is exact for
    /// k <= 65536, because 255 * 128 * k < 2^31.
    ///
    /// out  (a.m, w.n), with stride out_stride.
    void (*_Nonnull matmul_q8)(float *_Nonnull out, size_t out_stride, const kernels_q8_rows *_Nonnull a,
                               const kernels_q8_weights *_Nonnull w, kernels_activation activation);

    /// Multiplies float32 matrices: out[m][n] = sum_k x[m][k] * w[n][k] + bias[n].
    ///
    /// out   (m, n), with stride out_stride.
    /// x     (m, k), with stride x_stride.
    /// w     (n, k).
    /// bias  (n).
    void (*_Nonnull matmul_f32)(float *_Nonnull out, size_t out_stride, const float *_Nonnull x, size_t x_stride,
                                const float *_Nonnull w, const float *_Nonnull bias, size_t m, size_t n, size_t k);

    /// Normalizes each row in place: x[m] = normalized(x[m] + residual[m]) * gain + offset.
    ///
    /// A second pass computes the variance, as the mean of the squared distances from the mean.
    /// Source: Ba et al. 2016, arXiv:1607.06450.
    ///
    /// x             (m, width), with stride `stride`.
    /// residual      (m, width), with stride residual_stride, or null to add nothing.
    /// gain, offset  (width).
    void (*_Nonnull layer_norm)(float *_Nonnull x, size_t stride, const float *_Nullable residual,
                                size_t residual_stride, const float *_Nonnull gain, const float *_Nonnull offset,
                                float epsilon, size_t m, size_t width);

    /// Applies the Gaussian error linear unit (GELU) in place: x = x * Phi(x).
    ///
    /// Phi is the cumulative distribution function of the standard normal distribution. The absolute error is below
    /// 5e-6 for |x| <= 8, and below 1e-6 * |x| for larger |x|.
    /// Source: Hendrycks and Gimpel 2016, arXiv:1606.08415, in its exact form.
    ///
    /// x  (count).
    void (*_Nonnull gelu)(float *_Nonnull x, size_t count);

    /// Applies the approximation of GELU by tanh in place: x = x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))).
    ///
    /// The absolute error is below 1e-6 * max(1, |x|).
    /// Source: Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2.
    ///
    /// x  (count).
    void (*_Nonnull gelu_tanh)(float *_Nonnull x, size_t count);

    /// Computes the self-attention of one text.
    ///
    /// For each head, out[t] = sum_s softmax_s(q[t] . k[s] / sqrt(head_dim) + bias[s - t]) * v[s]. The softmax is
    /// within 1e-6 of the exact one if the logits of a query span less than 80.
    ///
    /// out      (queries, heads, head_dim), with stride out_stride.
    /// q        (queries, heads, head_dim), with stride q_stride.
    /// k, v     (tokens, heads, head_dim), with stride `stride`.
    /// bias     (heads, 1 - queries ..< tokens), with stride bias_stride, or null to add nothing. It points to the
    ///          number of the first head for s = t.
    /// scratch  kernels_attention_scratch(tokens, head_dim) floats.
    void (*_Nonnull attention)(float *_Nonnull out, size_t out_stride, const float *_Nonnull q, size_t q_stride,
                               const float *_Nonnull k, const float *_Nonnull v, size_t stride, size_t tokens,
                               size_t queries, size_t heads, size_t head_dim, const float *_Nullable bias,
                               size_t bias_stride, float *_Nonnull scratch);

    /// Adds a row of a quantized embedding table to x: out[i] = scale * q[i] + x[i].
    ///
    /// out, q, x  (count).
    void (*_Nonnull add_scaled)(float *_Nonnull out, const int8_t *_Nonnull q, float scale, const float *_Nonnull x,
                                size_t count);

    /// Makes one step of long short-term memory (LSTM) for some rows.
    ///
    /// With i, f, o = sigmoid and g = tanh of the sums z + r, the new state is c = f * c + i * g, and h = o * tanh(c).
    /// The absolute error of sigmoid and tanh is below 2e-7.
    /// Source: Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000.
    ///
    /// h     (m, units).
    /// c     (m, units), in place.
    /// z, r  (m, 4 * units) in the order i, f, g, o, with stride `stride`. A null r adds nothing.
    void (*_Nonnull lstm)(float *_Nonnull h, float *_Nonnull c, const float *_Nonnull z, const float *_Nullable r,
                          size_t stride, size_t m, size_t units);
} kernels;

/// Returns the kernels of an instruction set, or null if the name is unknown or this CPU cannot run them.
///
/// The names are "amx", "avx512vnni", "avxvnni", "avx2" and "sse41" on x86-64, "neon" on AArch64, and "baseline" on any
/// CPU. The kernels of "baseline" are those of `reference.c`.
const kernels *_Nullable kernels_named(const char *_Nonnull name);

/// Returns the name of an instruction set of this architecture, or null if `index` is past the last one.
///
/// Index 0 is the fastest instruction set and the last one is "baseline". The list is the same on every CPU of an
/// architecture; use `kernels_named` to find out which of its instruction sets this CPU can run.
const char *_Nullable kernels_name(size_t index);

/// Returns the number of floats that `attention` needs as scratch memory.
///
/// The scratch holds the transposed keys of one head and the weights of eight queries, padded to 16 tokens.
size_t kernels_attention_scratch(size_t tokens, size_t head_dim);

/// Pauses for about 20 nanoseconds.
///
/// A thread calls this function in a loop while it waits for another thread.
static inline void kernels_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

#endif
