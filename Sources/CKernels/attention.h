/* Self-attention over transposed keys, with several queries at a time.
 *
 * The includer may define QUERIES and SUMS to suit the number of registers of its instruction set.
 */
#include "vectors.h"

/* QUERIES is the number of queries that share each loaded key and value. SUMS is the number of vectors of sums that
 * each query has at a time. Together they fill the registers. */
#ifndef QUERIES
#define QUERIES 4
#define SUMS 1
#endif
_Static_assert(QUERIES <= 8, "kernels_attention_scratch has room for the weights of eight queries");

/* Transposes 16 x 16 floats in four rounds. In each round, pairs of vectors exchange blocks of half the size. */
INLINE void transpose(vf x[16]) {
#define ROUND(step, ...)                                                    \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i++) if (!(i & (step))) { \
        vf low = __builtin_shufflevector(x[i], x[i + (step)], __VA_ARGS__);
#define SECOND(step, ...)                                                   \
        x[i + (step)] = __builtin_shufflevector(x[i], x[i + (step)], __VA_ARGS__); \
        x[i] = low;                                                         \
    }
    ROUND(8, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
    SECOND(8, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
    ROUND(4, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)
    SECOND(4, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31)
    ROUND(2, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
    SECOND(2, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
    ROUND(1, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
    SECOND(1, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31)
#undef ROUND
#undef SECOND
}

/* Sets keys[d][s] = k[s][d], so that a vector holds one dimension of sixteen tokens.
 * The padding repeats the last token. */
INLINE void transpose_keys(float *keys, const float *k, size_t stride, size_t tokens, size_t padded, size_t head_dim) {
    for (size_t s = 0; s < padded; s += LANES)
        for (size_t d = 0; d < head_dim; d += LANES) {
            const size_t count = head_dim - d < LANES ? head_dim - d : LANES;
            vf block[LANES];
#pragma clang loop unroll(full)
            for (size_t i = 0; i < LANES; i++) {
                const float *token = k + (s + i < tokens ? s + i : tokens - 1) * stride + d;
                block[i] = count == LANES ? load(token) : load_some(token, count);
            }
            transpose(block);
            if (count == LANES)
#pragma clang loop unroll(full)
                for (size_t i = 0; i < LANES; i++) store(keys + (d + i) * padded + s, block[i]);
            else
                for (size_t i = 0; i < count; i++) store(keys + (d + i) * padded + s, block[i]);
        }
}

/* Turns a row of logits into e^(logit - largest logit) and returns the sum. The padding becomes zero. */
INLINE float exponentials(float *weight, size_t tokens, size_t padded) {
    const vi lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const size_t last = padded - LANES;
    const vi inside = lane < (vi){0} + (int32_t)(tokens - last);
    const vf end = (vf)((inside & (vi)load(weight + last)) | (~inside & (vi)splat(-INFINITY)));
    vf largest = end, total = {0};
    for (size_t s = 0; s < last; s += LANES) largest = max_of(load(weight + s), largest);
    const float top = max_in(largest);
    for (size_t s = 0; s < last; s += LANES) {
        vf value = exp_of(max_of(load(weight + s) - splat(top), splat(-87)));
        store(weight + s, value);
        total += value;
    }
    vf value = (vf)(inside & (vi)exp_of(max_of(end - splat(top), splat(-87))));
    store(weight + last, value);
    return sum_of(total + value);
}

/* Sets weight[r][s] = q[r] . k[s] * scale, for `rows` queries and 16 * `vectors` tokens. */
INLINE void score(const int rows, const int vectors, float *weight, size_t padded, const float *q, size_t q_stride,
                  const float *keys, float scale, size_t head_dim) {
    vf dot[QUERIES][SUMS] = {0};
    for (size_t d = 0; d < head_dim; d++) {
        vf key[SUMS];
#pragma clang loop unroll(full)
        for (int i = 0; i < vectors; i++) key[i] = load(keys + d * padded + i * LANES);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
            for (int i = 0; i < vectors; i++) dot[r][i] = fma_of(key[i], splat(q[(size_t)r * q_stride + d]), dot[r][i]);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int i = 0; i < vectors; i++) store(weight + (size_t)r * padded + i * LANES, dot[r][i] * splat(scale));
}

/* Sets out[r] = sum_s weight[r][s] * v[s] * share[r], for `rows` queries and the dimensions in `vectors` vectors.
 * If `count` is less than sixteen, there is one vector, and it holds the last `count` dimensions of a head. */
INLINE void mix(const int rows, const int vectors, size_t count, float *out, size_t out_stride, const float *weight,
                size_t padded, const float *v, size_t stride, const float *share, size_t tokens) {
    vf sum[QUERIES][SUMS] = {0};
    for (size_t s = 0; s < tokens; s++) {
        vf value[SUMS];
#pragma clang loop unroll(full)
        for (int i = 0; i < vectors; i++)
            value[i] = count < LANES ? load_some(v + s * stride, count) : load(v + s * stride + i * LANES);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
            for (int i = 0; i < vectors; i++)
                sum[r][i] = fma_of(value[i], splat(weight[(size_t)r * padded + s]), sum[r][i]);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int i = 0; i < vectors; i++)
            store_some(out + (size_t)r * out_stride + i * LANES, sum[r][i] * splat(share[r]),
                       count < LANES ? count : LANES);
}

/* Adds the biases of a query to its logits. */
static void add_biases(float *weight, const float *bias, size_t tokens) {
    size_t s = 0;
    for (; s + LANES <= tokens; s += LANES) store(weight + s, load(weight + s) + load(bias + s));
    const size_t rest = tokens - s;
    if (rest) store_some(weight + s, load_some(weight + s, rest) + load_some(bias + s, rest), rest);
}

/* Computes the attention of `rows` queries in one head. A bias that is not null points to that of the first query and
 * the first token. */
INLINE void attend(const int rows, float *out, size_t out_stride, const float *q, size_t q_stride, const float *v,
                   size_t stride, float scale, const float *keys, const float *bias, float *weight, size_t tokens,
                   size_t padded, size_t head_dim) {
    size_t s = 0, d = 0;
    for (; s + SUMS * LANES <= padded; s += SUMS * LANES)
        score(rows, SUMS, weight + s, padded, q, q_stride, keys + s, scale, head_dim);
    for (; s < padded; s += LANES) score(rows, 1, weight + s, padded, q, q_stride, keys + s, scale, head_dim);

    if (bias)
        for (int r = 0; r < rows; r++) add_biases(weight + (size_t)r * padded, bias - r, tokens);
    float share[QUERIES];
    for (int r = 0; r < rows; r++) share[r] = 1 / exponentials(weight + (size_t)r * padded, tokens, padded);

    for (; d + SUMS * LANES <= head_dim; d += SUMS * LANES)
        mix(rows, SUMS, LANES, out + d, out_stride, weight, padded, v + d, stride, share, tokens);
    for (; d < head_dim; d += LANES)
        mix(rows, 1, head_dim - d, out + d, out_stride, weight, padded, v + d, stride, share, tokens);
}

static void attention(float *out, size_t out_stride, const float *q, size_t q_stride, const float *k, const float *v,
                      size_t stride, size_t tokens, size_t queries, size_t heads, size_t head_dim, const float *bias,
                      size_t bias_stride, float *scratch) {
    const size_t padded = kernels_padded_tokens(tokens);
    const float scale = 1 / sqrtf((float)head_dim);
    float *keys = scratch, *weight = scratch + head_dim * padded;
    for (size_t head = 0; head < heads; head++, q += head_dim, k += head_dim, v += head_dim, out += head_dim) {
        transpose_keys(keys, k, stride, tokens, padded, head_dim);
        for (size_t t = 0; t < queries; t += QUERIES) {
            float *o = out + t * out_stride;
            const float *x = q + t * q_stride, *b = bias ? bias + head * bias_stride - t : NULL;
#define ATTEND(rows)                                                                                                  \
    case rows:                                                                                                        \
        attend(rows, o, out_stride, x, q_stride, v, stride, scale, keys, b, weight, tokens, padded, head_dim);         \
        break
            switch (queries - t) {
                ATTEND(1);
                ATTEND(2);
                ATTEND(3);
#if QUERIES > 4
                ATTEND(4);
                ATTEND(5);
#endif
                default:
                ATTEND(QUERIES);
            }
#undef ATTEND
        }
    }
}
