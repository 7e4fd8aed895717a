/* The float kernels, written once over vectors of LANES floats and compiled once an instruction set.
 *
 * The includer defines LANES and pushes its target attribute; everything here is static. A row ends in a vector
 * that is only partly full: `load_some` and `store_some` carry it, so that the arithmetic of an element never
 * depends on where in the row it stands.
 */
#include <math.h>
#include <string.h>

typedef float vf __attribute__((vector_size(LANES * 4), aligned(4)));    /* may lie anywhere in memory */
typedef int32_t vi __attribute__((vector_size(LANES * 4), aligned(4)));
typedef uint8_t vb __attribute__((vector_size(LANES), aligned(1)));
#define INLINE static inline __attribute__((always_inline))

INLINE vf splat(float x) { return (vf){0} + x; }
INLINE vf load(const float *p) { return *(const vf *)p; }
INLINE void store(float *p, vf x) { *(vf *)p = x; }
INLINE vf load_some(const float *p, size_t count) {
    vf x = {0};
    memcpy(&x, p, count * 4);
    return x;
}
INLINE void store_some(float *p, vf x, size_t count) { memcpy(p, &x, count * 4); }
INLINE float sum_of(vf x) {
    float total = 0;
    for (int i = 0; i < LANES; i++) total += x[i];
    return total;
}
INLINE vf min_of(vf a, vf b) { return __builtin_elementwise_min(a, b); }
INLINE vf max_of(vf a, vf b) { return __builtin_elementwise_max(a, b); }

/* To the nearest integer, ties to even, for |x| < 2^22: adding 1.5 * 2^23 leaves no bits for a fraction. */
INLINE vf rounded(vf x) {
    vf shift = splat(12582912.0f), shifted = x + shift;
    return shifted - shift;
}

/* e^x for -87 <= x <= 0, relative error below 2e-7: 2^n * e^r with |r| <= ln(2) / 2, e^r as its Taylor series. */
INLINE vf exp_of(vf x) {
    vf n = rounded(x * splat(1.44269504f));
    vf r = x - n * splat(0.693145751953125f);           /* ln 2 in two parts: the first product is exact */
    r = r - n * splat(1.42860682030941723e-6f);
    vf p = splat(1.0f / 5040);
    p = p * r + splat(1.0f / 720);
    p = p * r + splat(1.0f / 120);
    p = p * r + splat(1.0f / 24);
    p = p * r + splat(1.0f / 6);
    p = p * r + splat(0.5f);
    p = p * r + splat(1.0f);
    p = p * r + splat(1.0f);
    vi exponent = (__builtin_convertvector(n, vi) + 127) << 23;
    return p * (vf)exponent;
}

/* x * Phi(x). Phi(x) - 1/2 is odd: x * P(x^2), P a minimax polynomial for |x| <= 5 in t = 2 x^2 / 25 - 1,
 * fitted with weight x^2 (Lawson's algorithm); beyond 5, Phi is taken as Phi(5) = 1 - 2.9e-7. */
INLINE vf gelu_of(vf x) {
    vf c = min_of(max_of(x, splat(-5)), splat(5));
    vf t = c * c * splat(0.08f) - splat(1);
    vf p = splat(-0.0010963715612888336f);
    p = p * t + splat(0.0031944706570357084f);
    p = p * t + splat(-0.0038868370465934277f);
    p = p * t + splat(0.005113241728395224f);
    p = p * t + splat(-0.010165480896830559f);
    p = p * t + splat(0.01691015437245369f);
    p = p * t + splat(-0.02362494356930256f);
    p = p * t + splat(0.03135671839118004f);
    p = p * t + splat(-0.040391985327005386f);
    p = p * t + splat(0.05152539908885956f);
    p = p * t + splat(-0.07029823213815689f);
    p = p * t + splat(0.14136375486850739f);
    return x * (c * p + splat(0.5f));
}

static void gelu(float *x, size_t count) {
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) store(x + i, gelu_of(load(x + i)));
    if (i < count) store_some(x + i, gelu_of(load_some(x + i, count - i)), count - i);
}

INLINE vb quantized(vf x, float steps, float zero) {
    vf step = rounded(x * splat(steps)) + splat(zero);
    step = min_of(max_of(step, splat(1)), splat(255));
    return __builtin_convertvector(__builtin_convertvector(step, vi), vb);
}

static void quantize_rows(const kernels_q8_rows *rows, const float *x, size_t x_stride, size_t k) {
    for (size_t m = 0; m < rows->m; m++, x += x_stride) {
        uint8_t *q = rows->q + m * rows->stride;
        vf lows = splat(0), highs = splat(0);
        size_t i = 0;
        for (; i + LANES <= k; i += LANES) {
            lows = min_of(lows, load(x + i));
            highs = max_of(highs, load(x + i));
        }
        if (i < k) {  /* the empty lanes are zeros, which the range includes anyway */
            lows = min_of(lows, load_some(x + i, k - i));
            highs = max_of(highs, load_some(x + i, k - i));
        }
        float low = 0, high = 0;
        for (int lane = 0; lane < LANES; lane++) {
            low = lows[lane] < low ? lows[lane] : low;
            high = highs[lane] > high ? highs[lane] : high;
        }
        float range = high - low < 1e-30f ? 0 : high - low;
        float steps = range > 0 ? 254 / range : 0;
        int32_t zero = (int32_t)rintf(-low * steps) + 1;
        for (i = 0; i + LANES <= k; i += LANES) *(vb *)(q + i) = quantized(load(x + i), steps, (float)zero);
        if (i < k) {
            vb last = quantized(load_some(x + i, k - i), steps, (float)zero);
            memcpy(q + i, &last, k - i);
        }
        for (i = k; i < rows->stride; i++) q[i] = (uint8_t)zero;
        rows->scale[m] = range / 254;
        rows->zero[m] = zero;
    }
}

static void matmul_f32(float *out, size_t out_stride, const float *x, size_t x_stride, const float *w, const float *bias,
                       size_t m, size_t n, size_t k) {
    for (size_t column = 0; column < n; column++, w += k)
        for (size_t row = 0; row < m; row++) {
            const float *a = x + row * x_stride;
            vf sum = {0}, other = {0};
            size_t i = 0;
            for (; i + 2 * LANES <= k; i += 2 * LANES) {
                sum += load(a + i) * load(w + i);
                other += load(a + i + LANES) * load(w + i + LANES);
            }
            sum += other;
            for (; i + LANES <= k; i += LANES) sum += load(a + i) * load(w + i);
            if (i < k) sum += load_some(a + i, k - i) * load_some(w + i, k - i);
            out[row * out_stride + column] = sum_of(sum) + bias[column];
        }
}

static void layer_norm(float *x, size_t stride, const float *residual, size_t residual_stride, const float *gain,
                       const float *offset, float epsilon, size_t m, size_t width) {
    const size_t tail = width / LANES * LANES, rest = width - tail;
    for (size_t row = 0; row < m; row++, x += stride) {
        vf sum = {0}, squares = {0};
        if (residual) {
            const float *r = residual + row * residual_stride;
            for (size_t i = 0; i < tail; i += LANES) store(x + i, load(x + i) + load(r + i));
            if (rest) store_some(x + tail, load_some(x + tail, rest) + load_some(r + tail, rest), rest);
        }
        for (size_t i = 0; i < tail; i += LANES) sum += load(x + i);
        if (rest) sum += load_some(x + tail, rest);
        vf mean = splat(sum_of(sum) / (float)width);
        for (size_t i = 0; i < tail; i += LANES) {
            vf d = load(x + i) - mean;
            squares += d * d;
        }
        float variance = sum_of(squares);
        for (size_t i = tail; i < width; i++) variance += (x[i] - mean[0]) * (x[i] - mean[0]);
        vf factor = splat(1 / sqrtf(variance / (float)width + epsilon));
        for (size_t i = 0; i < tail; i += LANES) store(x + i, (load(x + i) - mean) * factor * load(gain + i) + load(offset + i));
        for (size_t i = tail; i < width; i++) x[i] = (x[i] - mean[0]) * factor[0] * gain[i] + offset[i];
    }
}

/* keys[d][s] = k[s][d], so that a vector holds one dimension of LANES tokens; the padding beyond `tokens` is zero. */
INLINE void transpose_keys(float *keys, const float *k, size_t stride, size_t tokens, size_t padded, size_t head_dim) {
    for (size_t s = 0; s < tokens; s++)
        for (size_t d = 0; d < head_dim; d++) keys[d * padded + s] = k[s * stride + d];
    for (size_t d = 0; d < head_dim; d++)
        for (size_t s = tokens; s < padded; s++) keys[d * padded + s] = 0;
}

/* Turns one row of logits into e^(logit - largest) and returns their sum; the padding becomes zero. */
INLINE float exponentials(float *weight, size_t tokens, size_t padded) {
    vf largest = splat(weight[0]), total = {0};
    size_t s = 0;
    for (; s + LANES <= tokens; s += LANES) largest = max_of(largest, load(weight + s));
    float top = weight[0];
    for (int lane = 0; lane < LANES; lane++) top = largest[lane] > top ? largest[lane] : top;
    for (; s < tokens; s++) top = weight[s] > top ? weight[s] : top;
    for (s = 0; s < tokens; s += LANES) store(weight + s, exp_of(max_of(load(weight + s) - splat(top), splat(-87))));
    for (s = tokens; s < padded; s++) weight[s] = 0;
    for (s = 0; s < padded; s += LANES) total += load(weight + s);
    return sum_of(total);
}

/* Four queries at a time share each key and value that is loaded; `rows` < 4 only in the last block. */
INLINE void attend(const int rows, float *out, size_t out_stride, const float *q, size_t q_stride, const float *v,
                   size_t stride, float scale, const float *keys, float *weight, size_t tokens, size_t padded, size_t head_dim) {
    for (size_t s = 0; s < tokens; s += LANES) {
        vf dot[4] = {{0}, {0}, {0}, {0}};
        for (size_t d = 0; d < head_dim; d++) {
            vf key = load(keys + d * padded + s);
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) dot[r] += key * splat(q[(size_t)r * q_stride + d]);
        }
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) store(weight + (size_t)r * padded + s, dot[r] * splat(scale));
    }
    float share[4];
    for (int r = 0; r < rows; r++) share[r] = 1 / exponentials(weight + (size_t)r * padded, tokens, padded);
    for (size_t d = 0; d < head_dim; d += LANES) {
        vf sum[4] = {{0}, {0}, {0}, {0}};
        const size_t count = head_dim - d;
        for (size_t s = 0; s < tokens; s++) {
            vf value = count >= LANES ? load(v + s * stride + d) : load_some(v + s * stride + d, count);
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) sum[r] += value * splat(weight[(size_t)r * padded + s]);
        }
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            float *o = out + (size_t)r * out_stride + d;
            if (count >= LANES) store(o, sum[r] * splat(share[r]));
            else store_some(o, sum[r] * splat(share[r]), count);
        }
    }
}

static void attention(float *out, size_t out_stride, const float *q, size_t q_stride, const float *k, const float *v,
                      size_t stride, size_t tokens, size_t queries, size_t heads, size_t head_dim, float *scratch) {
    const size_t padded = kernels_padded_tokens(tokens);
    const float scale = 1 / sqrtf((float)head_dim);
    float *keys = scratch, *weight = scratch + head_dim * padded;
    for (size_t head = 0; head < heads; head++, q += head_dim, k += head_dim, v += head_dim, out += head_dim) {
        transpose_keys(keys, k, stride, tokens, padded, head_dim);
        size_t t = 0;
        for (; t + 4 <= queries; t += 4)
            attend(4, out + t * out_stride, out_stride, q + t * q_stride, q_stride, v, stride, scale, keys, weight, tokens, padded, head_dim);
        for (; t < queries; t++)
            attend(1, out + t * out_stride, out_stride, q + t * q_stride, q_stride, v, stride, scale, keys, weight, tokens, padded, head_dim);
    }
}

static void add_scaled(float *out, const int8_t *q, float scale, const float *x, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = scale * q[i] + x[i];
}
