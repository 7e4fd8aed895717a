/* Arithmetic kernels for the training of transformers and recurrent networks.
 *
 * This header is the contract: it documents what each kernel computes and how its data is laid out. `reference.c`
 * defines every kernel in plain loops, including the order of its sums. The other files compute the same with the
 * instructions of particular processors. With float32 they compute the same bits, except SSE4.1, which has no fused
 * multiply-add and rounds about one sum in 2^29 differently. With bfloat16 the sum of two products is rounded as the
 * processor does it.
 *
 * No sum is ever divided among threads. A caller divides the rows or the columns of an output, and the bits of an
 * element do not depend on how it does.
 *
 * A kernel never fails, allocates no memory and keeps no state. The caller checks all sizes and owns all memory.
 * Pointers must not overlap, except where a kernel works in place. Matrices are row-major. Shapes are written as
 * (rows, columns), and a stride is the distance between the starts of two rows, in elements.
 */
#ifndef PINSON_CTRAINING_H
#define PINSON_CTRAINING_H

#include <stddef.h>
#include <stdint.h>

/// The number of columns in a panel of packed words.
enum { training_panel = 48 };

/// The form of the left matrix of a product.
///
/// The words of `pack_rows` are row by row. Those of `pack_columns` hold the transposed matrix.
typedef enum { training_left_rows, training_left_columns } training_left;

/// Which elements of an array are dropped, by a generator that needs only their positions.
///
/// The generator is Philox4x32-10. Element i belongs to the word (i / 16) % 4 of the counter
/// (i / 64 * 16 + i % 16, text, site, step). It is dropped if the word is less than `threshold`.
/// Source: Salmon et al. 2011, doi:10.1145/2063384.2063405.
typedef struct {
    uint32_t key[2];      ///< The seed of the training.
    uint32_t text;        ///< The number of the text within its step.
    uint32_t site;        ///< The place in the model.
    uint32_t step;        ///< The number of the step.
    uint32_t threshold;   ///< The probability of a drop, multiplied by 2^32.
    float scale;          ///< The factor for what is kept, 1 / (1 - probability).
} training_dropout;

/// The table of a logistic function: the elements for each unit, the largest argument, and the number of elements.
enum { training_logistic_unit = 83, training_logistic_limit = 6, training_logistic_count = 2 * 6 * 83 + 1 };

/// The numbers of one step of AdamW that are the same for all parameters of a group.
typedef struct {
    float keep;   ///< 1 - rate * weight decay.
    float size;   ///< rate / (1 - beta1^t).
    float root;   ///< 1 / sqrt(1 - beta2^t).
} training_step;

/// The kernels of one instruction set and one precision of products.
typedef struct {
    /// The name of the instruction set, as `training_kernels_named` accepts it.
    const char *_Nonnull name;

    /// The number of values in a word of 32 bits: 1 with float32, 2 with bfloat16.
    size_t per_word;

    /// Packs the rows of x.
    ///
    /// With bfloat16, values are rounded to the nearest, ties to even. A zero follows an odd k.
    ///
    /// out  (m, ceil(k / per_word)) words.
    /// x    (m, k), with stride `stride`.
    void (*_Nonnull pack_rows)(uint32_t *_Nonnull out, const float *_Nonnull x, size_t stride, size_t m, size_t k);

    /// Packs the columns of x in panels.
    ///
    /// Zeros fill the last panel. With bfloat16, a word holds two values of one column.
    ///
    /// out  (ceil(n / 48), ceil(k / per_word), 48) words.
    /// x    (k, n), with stride `stride`.
    void (*_Nonnull pack_columns)(uint32_t *_Nonnull out, const float *_Nonnull x, size_t stride, size_t k, size_t n);

    /// Packs the columns of the transpose of x, in the form of `pack_columns`.
    ///
    /// x  (n, k), with stride `stride`.
    void (*_Nonnull pack_transposed)(uint32_t *_Nonnull out, const float *_Nonnull x, size_t stride, size_t k,
                                     size_t n);

    /// Multiplies matrices: out[i][j] = start + sum_k left[i][k] * right[k][j].
    ///
    /// The sum runs over k in order, with one rounding for each fused multiply-add (float32) or each pair (bfloat16).
    /// The start, which is added last, is bias[j], or out[i][j] if `adds` is not 0, or 0 if bias is null.
    ///
    /// out    (m, n), with stride out_stride.
    /// left   the words of `pack_rows` with m rows, or of `pack_columns` with m columns.
    /// right  the words of `pack_columns` or `pack_transposed` with n columns.
    /// bias   (n) or null.
    void (*_Nonnull multiply)(float *_Nonnull out, size_t out_stride, const uint32_t *_Nonnull left, training_left form,
                              const uint32_t *_Nonnull right, const float *_Nullable bias, int adds, size_t m, size_t n,
                              size_t k);

    /// Normalizes each row: normalized = (x - mean) * spread, out = normalized * gain + offset.
    ///
    /// spread[m] = 1 / sqrt(variance + epsilon). Source: Ba et al. 2016, arXiv:1607.06450.
    ///
    /// out, normalized, x  (m, width).
    /// spread              (m).
    void (*_Nonnull layer_norm)(float *_Nonnull out, float *_Nonnull normalized, float *_Nonnull spread,
                                const float *_Nonnull x, const float *_Nonnull gain, const float *_Nonnull offset,
                                float epsilon, size_t m, size_t width);

    /// The gradients of `layer_norm`. Adds those of gain and offset to d_gain and d_offset, row after row.
    ///
    /// dx  (m, width), may be dy.
    void (*_Nonnull layer_norm_backward)(float *_Nonnull dx, float *_Nonnull d_gain, float *_Nonnull d_offset,
                                         const float *_Nonnull dy, const float *_Nonnull normalized,
                                         const float *_Nonnull spread, const float *_Nonnull gain, size_t m,
                                         size_t width);

    /// out[i] = x[i] * Phi(x[i]), where Phi is the distribution function of the normal distribution.
    ///
    /// The absolute error of Phi is below 2e-7. Source: Hendrycks and Gimpel 2016, arXiv:1606.08415, in its exact form.
    void (*_Nonnull gelu)(float *_Nonnull out, const float *_Nonnull x, size_t count);

    /// dy[i] = dy[i] * (Phi(x[i]) + x[i] * phi(x[i])), in place.
    void (*_Nonnull gelu_backward)(float *_Nonnull dy, const float *_Nonnull x, size_t count);

    /// Multiplies each element by 0 or by dropout->scale, in place.
    void (*_Nonnull drop)(float *_Nonnull x, size_t count, const training_dropout *_Nonnull dropout);

    /// Computes the self-attention of one text.
    ///
    /// For each head, p[t] = softmax_s(q[t] . k[s] / sqrt(head_dim)) and out[t] = sum_s p[t][s] * mask[t][s] * v[s].
    ///
    /// out      (tokens, heads * head_dim), with stride out_stride.
    /// p        (heads, tokens, padded tokens). The columns from `tokens` on become 0.
    /// mask     in the form of p: the factors of dropout, or null for 1.
    /// qkv      (tokens, 3 * heads * head_dim): queries, keys and values side by side, with stride `stride`.
    /// scratch  training_attention_scratch(tokens, head_dim) floats.
    void (*_Nonnull attention)(float *_Nonnull out, size_t out_stride, float *_Nonnull p, const float *_Nullable mask,
                               const float *_Nonnull qkv, size_t stride, size_t tokens, size_t heads, size_t head_dim,
                               float *_Nonnull scratch);

    /// The gradient of `attention` with respect to qkv.
    ///
    /// d_qkv  (tokens, 3 * heads * head_dim), with stride `stride`.
    /// d_out  (tokens, heads * head_dim), with stride out_stride.
    void (*_Nonnull attention_backward)(float *_Nonnull d_qkv, const float *_Nonnull d_out, size_t out_stride,
                                        const float *_Nonnull p, const float *_Nullable mask,
                                        const float *_Nonnull qkv, size_t stride, size_t tokens, size_t heads,
                                        size_t head_dim, float *_Nonnull scratch);

    /// Makes one step of long short-term memory (LSTM) for some rows.
    ///
    /// With i, f, o = sigmoid and g = tanh of the sums in `gates`, c = f * c_before + i * g and h = o * tanh(c). The
    /// absolute error of sigmoid and tanh is below 2e-7. Source: Hochreiter and Schmidhuber 1997, with the forget gate of
    /// Gers et al. 2000.
    ///
    /// h, c      (m, units).
    /// bent      (m, units): receives tanh(c).
    /// gates     (m, 4 * units), in the order i, f, g, o: the sums, which become the values of the gates.
    /// c_before  (m, units), or null for zeros.
    void (*_Nonnull lstm)(float *_Nonnull h, float *_Nonnull c, float *_Nonnull bent, float *_Nonnull gates,
                          const float *_Nullable c_before, size_t m, size_t units);

    /// The gradient of `lstm`.
    ///
    /// gates  (m, 4 * units): the values of the gates, which become the gradients of the sums.
    /// dc     (m, units): the gradient of c from the next step, which becomes that of c_before.
    /// dh     (m, units).
    void (*_Nonnull lstm_backward)(float *_Nonnull gates, float *_Nonnull dc, const float *_Nonnull dh,
                                   const float *_Nonnull bent, const float *_Nullable c_before, size_t m, size_t units);

    /// Makes steps of AdamW: first those without a gradient, then the last one with the gradient g * g_scale.
    ///
    /// At each step m = beta1 * m + (1 - beta1) * g, v = beta2 * v + (1 - beta2) * g^2 and
    /// x = x * keep - size * m / (sqrt(v) * root + epsilon). A null g is 0 at the last step too.
    /// Source: Loshchilov and Hutter 2019, arXiv:1711.05101.
    ///
    /// x, m, v, g  (count).
    /// beta        beta1, 1 - beta1, beta2 and 1 - beta2.
    /// steps       (step_count).
    void (*_Nonnull adamw)(float *_Nonnull x, float *_Nonnull m, float *_Nonnull v, const float *_Nullable g,
                           float g_scale, const float beta[_Nonnull 4], float epsilon,
                           const training_step *_Nonnull steps, size_t step_count, size_t count);

    /// x[i] = x[i] + y[i].
    void (*_Nonnull add)(float *_Nonnull x, const float *_Nonnull y, size_t count);

    /// Adds rows, one after the other: out[j] = out[j] + x[0][j] + x[1][j] + …
    ///
    /// x  (m, n), with stride `stride`.
    void (*_Nonnull add_rows)(float *_Nonnull out, const float *_Nonnull x, size_t stride, size_t m, size_t n);

    /// The sum of x[i]^2 in double precision, in the order of sixteen lanes that are added from the first to the last.
    double (*_Nonnull sum_of_squares)(const float *_Nonnull x, size_t count);

    /// Makes a step of word2vec with negative samples: for each of the given rows of a table, in order,
    /// e = (label - logistic(sum_i x[i] * row[i])) * rate, then change[i] += e * row[i] and row[i] += e * x[i].
    ///
    /// The label is 1 for the first row and 0 for the others. The logistic function of z is logistic[(int)((z + 6) * 83)]
    /// inside of ±6, 1 above and 0 below, as in the program word2vec. The sum has sixteen lanes.
    /// Source: Mikolov et al. 2013, arXiv:1310.4546.
    ///
    /// change, x  (width). The width is a multiple of 16.
    /// table      (words, width).
    /// rows       (count).
    /// logistic   (training_logistic_count).
    void (*_Nonnull sample)(float *_Nonnull change, float *_Nonnull table, const float *_Nonnull x,
                            const int32_t *_Nonnull rows, size_t count, const float *_Nonnull logistic, float rate,
                            size_t width);
} training_kernels;

/// Returns the kernels of an instruction set, or null if the name is unknown or this CPU cannot run them.
///
/// The names with float32 products are "avx512", "avx2" and "sse41" on x86-64, "neon" on AArch64 and "baseline" on any
/// CPU. Those with bfloat16 products are "avx512bf16" on x86-64 and "baseline-bf16" on any CPU.
const training_kernels *_Nullable training_kernels_named(const char *_Nonnull name);

/// Returns the name of an instruction set of this architecture, or null if `index` is past the last one.
///
/// The sets with bfloat16 come first, and the fastest of each precision comes first.
const char *_Nullable training_kernels_name(size_t index);

/// Returns the number of floats that `attention` and `attention_backward` need as scratch memory.
size_t training_attention_scratch(size_t tokens, size_t head_dim);

/// Returns the number of columns in p for a number of tokens: the next multiple of 16.
size_t training_padded(size_t tokens);

#endif
