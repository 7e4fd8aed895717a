/* The float kernels over vectors of sixteen floats, compiled once an instruction set, to the same bits by each.
 *
 * Where an instruction set has narrower registers the compiler splits the vectors; the order of every sum stays that
 * of reference.c: sixteen lanes side by side, folded in halves. A product and the sum it goes into are rounded once
 * (`fma_of`) or, where nothing is said, each. The includer pushes its target attribute and may define NO_FMA.
 */
#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

/* Every function that takes or returns a vector is inlined: there is no calling convention to disagree on. */
#pragma clang diagnostic ignored "-Wpsabi"

#define LANES 16
typedef float vf __attribute__((vector_size(64), aligned(4)));    /* may lie anywhere in memory */
typedef float vf8 __attribute__((vector_size(32)));
typedef float vf4 __attribute__((vector_size(16)));
typedef double vd __attribute__((vector_size(128)));
typedef int32_t vi __attribute__((vector_size(64), aligned(4)));
typedef uint8_t vb __attribute__((vector_size(16), aligned(1)));
#define INLINE static inline __attribute__((always_inline))

INLINE vf splat(float x) { return (vf){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }  /* 0 + x would be added */
INLINE vf load(const float *p) { return *(const vf *)p; }
INLINE void store(float *p, vf x) { *(vf *)p = x; }
/* One instruction, as minps and maxps are, where fmin and fmax would look for NaN first. */
INLINE vf min_of(vf a, vf b) { return (vf)(((a < b) & (vi)a) | (~(a < b) & (vi)b)); }
INLINE vf max_of(vf a, vf b) { return (vf)(((a > b) & (vi)a) | (~(a > b) & (vi)b)); }

/* The end of a row may fill a vector only partly; the other lanes are zero. */
INLINE vf load_some(const float *p, size_t count) {
    vf x = {0};
    memcpy(&x, p, count * 4);
    return x;
}
INLINE void store_some(float *p, vf x, size_t count) { memcpy(p, &x, count * 4); }

INLINE vf fma_of(vf a, vf b, vf c) {
#ifdef NO_FMA
    /* The product is exact in double; the sum is rounded twice, which differs in about one case of 2^29. */
    return __builtin_convertvector(
        __builtin_convertvector(a, vd) * __builtin_convertvector(b, vd) + __builtin_convertvector(c, vd), vf);
#else
    return __builtin_elementwise_fma(a, b, c);
#endif
}

INLINE float sum_of(vf x) {
    vf8 a = __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7) + __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15);
    vf4 b = __builtin_shufflevector(a, a, 0, 1, 2, 3) + __builtin_shufflevector(a, a, 4, 5, 6, 7);
    return (b[0] + b[2]) + (b[1] + b[3]);
}

INLINE float max_in(vf x) {
    x = max_of(x, __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    x = max_of(x, __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
    x = max_of(x, __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
    return x[0] > x[1] ? x[0] : x[1];
}

/* To the nearest integer, ties to even, for |x| < 2^22: adding 1.5 * 2^23 leaves no bits for a fraction. */
INLINE vf rounded(vf x) {
    vf shift = splat(12582912.0f), shifted = x + shift;
    return shifted - shift;
}

/* e^x for -87 <= x <= 0: see reference.c. */
INLINE vf exp_of(vf x) {
    vf n = rounded(x * splat(1.44269504f));
    vf r = fma_of(n, splat(-0.693145751953125f), x);
    r = fma_of(n, splat(-1.42860682030941723e-6f), r);
    vf p = splat(1.0f / 5040);
    p = fma_of(p, r, splat(1.0f / 720));
    p = fma_of(p, r, splat(1.0f / 120));
    p = fma_of(p, r, splat(1.0f / 24));
    p = fma_of(p, r, splat(1.0f / 6));
    p = fma_of(p, r, splat(0.5f));
    p = fma_of(p, r, splat(1.0f));
    p = fma_of(p, r, splat(1.0f));
    vi exponent = (__builtin_convertvector(n, vi) + 127) << 23;
    return p * (vf)exponent;
}

/* x * Phi(x): see reference.c. */
INLINE vf gelu_of(vf x) {
    vf c = min_of(max_of(x, splat(-5)), splat(5));
    vf t = fma_of(c * c, splat(0.08f), splat(-1));
    vf p = splat(-0.0010963715612888336f);
    p = fma_of(p, t, splat(0.0031944706570357084f));
    p = fma_of(p, t, splat(-0.0038868370465934277f));
    p = fma_of(p, t, splat(0.005113241728395224f));
    p = fma_of(p, t, splat(-0.010165480896830559f));
    p = fma_of(p, t, splat(0.01691015437245369f));
    p = fma_of(p, t, splat(-0.02362494356930256f));
    p = fma_of(p, t, splat(0.03135671839118004f));
    p = fma_of(p, t, splat(-0.040391985327005386f));
    p = fma_of(p, t, splat(0.05152539908885956f));
    p = fma_of(p, t, splat(-0.07029823213815689f));
    p = fma_of(p, t, splat(0.14136375486850739f));
    return x * fma_of(c, p, splat(0.5f));
}

static void gelu(float *x, size_t count) {
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) store(x + i, gelu_of(load(x + i)));
    if (i < count) store_some(x + i, gelu_of(load_some(x + i, count - i)), count - i);
}

/* The rounded step is taken from the low bits of the sum that rounds it: integers cost less from there on. */
INLINE vb quantized(vf x, float steps, int32_t zero) {
    vi step = (vi)(x * splat(steps) + splat(12582912.0f)) + (zero - 0x4B400000);
    vi one = (vi){0} + 1, most = (vi){0} + 255;
    step = __builtin_elementwise_min(__builtin_elementwise_max(step, one), most);
    return __builtin_convertvector(step, vb);
}

static void quantize_rows(const kernels_q8_rows *rows, const float *x, size_t x_stride, size_t k) {
    for (size_t m = 0; m < rows->m; m++, x += x_stride) {
        uint8_t *q = rows->q + m * rows->stride;
        vf lows = splat(0), highs = splat(0);
        size_t i = 0;
        for (; i + LANES <= k; i += LANES) {
            lows = min_of(load(x + i), lows);
            highs = max_of(load(x + i), highs);
        }
        if (i < k) {  /* the empty lanes are zeros, which the range includes anyway */
            lows = min_of(load_some(x + i, k - i), lows);
            highs = max_of(load_some(x + i, k - i), highs);
        }
        float low = -max_in(-lows), high = max_in(highs);
        float range = high - low < 1e-30f ? 0 : high - low;
        float steps = range > 0 ? 254 / range : 0;
        int32_t zero = (int32_t)rintf(-low * steps) + 1;
        for (i = 0; i + LANES <= k; i += LANES) *(vb *)(q + i) = quantized(load(x + i), steps, zero);
        if (i < k) {
            vb last = quantized(load_some(x + i, k - i), steps, zero);
            memcpy(q + i, &last, k - i);
        }
        for (i = k; i < rows->stride; i++) q[i] = (uint8_t)zero;
        rows->scale[m] = range / 254;
        rows->zero[m] = zero;
    }
}

/* `columns` outputs of one row at a time: each is one chain of sums, too slow alone. */
INLINE void dot_f32(const int columns, float *out, const float *x, const float *w, const float *bias, size_t k) {
    vf sum[4] = {{0}, {0}, {0}, {0}};
    size_t i = 0;
    for (; i + LANES <= k; i += LANES)
#pragma clang loop unroll(full)
        for (int c = 0; c < columns; c++) {
            __builtin_prefetch(w + (size_t)(c + columns) * k + i, 0, 2);  /* the next columns: one row is bound by memory */
            sum[c] = fma_of(load(x + i), load(w + (size_t)c * k + i), sum[c]);
        }
    if (i < k)
        for (int c = 0; c < columns; c++)
            sum[c] = fma_of(load_some(x + i, k - i), load_some(w + (size_t)c * k + i, k - i), sum[c]);
    for (int c = 0; c < columns; c++) out[c] = sum_of(sum[c]) + bias[c];
}

static void matmul_f32(float *out, size_t out_stride, const float *x, size_t x_stride, const float *w, const float *bias,
                       size_t m, size_t n, size_t k) {
    size_t column = 0;
    for (; column + 4 <= n; column += 4)
        for (size_t row = 0; row < m; row++)
            dot_f32(4, out + row * out_stride + column, x + row * x_stride, w + column * k, bias + column, k);
    for (; column < n; column++)
        for (size_t row = 0; row < m; row++)
            dot_f32(1, out + row * out_stride + column, x + row * x_stride, w + column * k, bias + column, k);
}

static void layer_norm(float *x, size_t stride, const float *residual, size_t residual_stride, const float *gain,
                       const float *offset, float epsilon, size_t m, size_t width) {
    const size_t full = width / LANES * LANES, rest = width - full;
    for (size_t row = 0; row < m; row++, x += stride) {
        const float *r = residual ? residual + row * residual_stride : NULL;
        vf sum = {0}, squares = {0};
        for (size_t i = 0; i < full; i += LANES) {
            vf value = r ? load(x + i) + load(r + i) : load(x + i);
            store(x + i, value);
            sum += value;
        }
        if (rest) {
            vf value = r ? load_some(x + full, rest) + load_some(r + full, rest) : load_some(x + full, rest);
            store_some(x + full, value, rest);
            sum += value;
        }
        const float mean = sum_of(sum) / (float)width;
        for (size_t i = 0; i < full; i += LANES) {
            vf distance = load(x + i) - splat(mean);
            squares = fma_of(distance, distance, squares);
        }
        if (rest) {
            vf distance = load_some(x + full, rest) - splat(mean), kept = {0};
            memcpy(&kept, &distance, rest * 4);
            squares = fma_of(kept, kept, squares);
        }
        const float factor = 1 / sqrtf(sum_of(squares) / (float)width + epsilon);
        for (size_t i = 0; i < full; i += LANES)
            store(x + i, fma_of((load(x + i) - splat(mean)) * splat(factor), load(gain + i), load(offset + i)));
        if (rest) {
            vf value = (load_some(x + full, rest) - splat(mean)) * splat(factor);
            store_some(x + full, fma_of(value, load_some(gain + full, rest), load_some(offset + full, rest)), rest);
        }
    }
}

/* Sixteen vectors of sixteen, transposed in four rounds: in each, pairs of vectors exchange halves of halves. */
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

/* keys[d][s] = k[s][d], so that a vector holds one dimension of sixteen tokens; behind the last token it comes again. */
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

/* Turns one row of logits into e^(logit - largest) and returns their sum; what lies behind the tokens becomes zero. */
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

/* How many queries share each key and value that is loaded, and how many vectors of them are summed side by side:
 * as many as the registers hold. */
#ifndef QUERIES
#define QUERIES 4
#define SUMS 1
#endif
_Static_assert(QUERIES <= 8, "kernels_attention_scratch leaves room for the weights of eight");

/* weight[r][s] = q[r] . k[s] * scale, for `rows` queries and sixteen times `vectors` tokens. */
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

/* out[r] = sum_s weight[r][s] * v[s] * share[r], for `rows` queries and the `count` dimensions that `vectors` hold. */
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
            for (int i = 0; i < vectors; i++) sum[r][i] = fma_of(value[i], splat(weight[(size_t)r * padded + s]), sum[r][i]);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int i = 0; i < vectors; i++)
            store_some(out + (size_t)r * out_stride + i * LANES, sum[r][i] * splat(share[r]), count < LANES ? count : LANES);
}

/* `rows` queries of one head. */
INLINE void attend(const int rows, float *out, size_t out_stride, const float *q, size_t q_stride, const float *v,
                   size_t stride, float scale, const float *keys, float *weight, size_t tokens, size_t padded, size_t head_dim) {
    size_t s = 0, d = 0;
    for (; s + SUMS * LANES <= padded; s += SUMS * LANES)
        score(rows, SUMS, weight + s, padded, q, q_stride, keys + s, scale, head_dim);
    for (; s < padded; s += LANES) score(rows, 1, weight + s, padded, q, q_stride, keys + s, scale, head_dim);

    float share[QUERIES];
    for (int r = 0; r < rows; r++) share[r] = 1 / exponentials(weight + (size_t)r * padded, tokens, padded);

    for (; d + SUMS * LANES <= head_dim; d += SUMS * LANES)
        mix(rows, SUMS, LANES, out + d, out_stride, weight, padded, v + d, stride, share, tokens);
    for (; d < head_dim; d += LANES)
        mix(rows, 1, head_dim - d, out + d, out_stride, weight, padded, v + d, stride, share, tokens);
}

static void attention(float *out, size_t out_stride, const float *q, size_t q_stride, const float *k, const float *v,
                      size_t stride, size_t tokens, size_t queries, size_t heads, size_t head_dim, float *scratch) {
    const size_t padded = kernels_padded_tokens(tokens);
    const float scale = 1 / sqrtf((float)head_dim);
    float *keys = scratch, *weight = scratch + head_dim * padded;
    for (size_t head = 0; head < heads; head++, q += head_dim, k += head_dim, v += head_dim, out += head_dim) {
        transpose_keys(keys, k, stride, tokens, padded, head_dim);
        for (size_t t = 0; t < queries; t += QUERIES) {
            float *o = out + t * out_stride;
            const float *x = q + t * q_stride;
#define ATTEND(rows) case rows: attend(rows, o, out_stride, x, q_stride, v, stride, scale, keys, weight, tokens, padded, head_dim); break
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

static void add_scaled(float *out, const int8_t *q, float scale, const float *x, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = scale * (float)q[i] + x[i];
}
