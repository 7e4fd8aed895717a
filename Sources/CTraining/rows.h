/* The kernels that work on rows: layer norm, GELU, dropout, AdamW and sums. */
#include "lanes.h"

static void layer_norm(float *out, float *normalized, float *spread, const float *x, const float *gain,
                       const float *offset, float epsilon, size_t m, size_t width) {
    for (size_t row = 0; row < m; row++, x += width, out += width, normalized += width) {
        vf sum = {0};
        for (size_t i = 0; i < width; i += LANES) sum += load_some(x + i, width - i);
        const float mean = sum_of(sum) / (float)width;
        vf squares = {0};
        for (size_t i = 0; i < width; i += LANES) {
            vf distance = load_some(x + i, width - i) - splat(mean);
            if (width - i < LANES) {
                vf used = {0};
                memcpy(&used, &distance, (width - i) * 4);
                distance = used;
            }
            squares = fma_of(distance, distance, squares);
        }
        const float r = 1 / sqrtf(sum_of(squares) / (float)width + epsilon);
        spread[row] = r;
        for (size_t i = 0; i < width; i += LANES) {
            const size_t rest = width - i;
            vf unit = (load_some(x + i, rest) - splat(mean)) * splat(r);
            store_some(normalized + i, unit, rest);
            store_some(out + i, fma_of(unit, load_some(gain + i, rest), load_some(offset + i, rest)), rest);
        }
    }
}

static void layer_norm_backward(float *dx, float *d_gain, float *d_offset, const float *dy, const float *normalized,
                                const float *spread, const float *gain, size_t m, size_t width) {
    for (size_t row = 0; row < m; row++, dx += width, dy += width, normalized += width) {
        vf sum = {0}, weighted = {0};
        for (size_t i = 0; i < width; i += LANES) {
            const size_t rest = width - i;
            vf y = load_some(dy + i, rest), unit = load_some(normalized + i, rest), scaled = y * load_some(gain + i, rest);
            sum += scaled;
            weighted = fma_of(scaled, unit, weighted);
            store_some(d_gain + i, fma_of(y, unit, load_some(d_gain + i, rest)), rest);
            store_some(d_offset + i, load_some(d_offset + i, rest) + y, rest);
        }
        vf mean = splat(sum_of(sum) / (float)width), slope = splat(sum_of(weighted) / (float)width), r = splat(spread[row]);
        for (size_t i = 0; i < width; i += LANES) {
            const size_t rest = width - i;
            vf scaled = load_some(dy + i, rest) * load_some(gain + i, rest);
            store_some(dx + i, (scaled - mean - load_some(normalized + i, rest) * slope) * r, rest);
        }
    }
}

static void gelu(float *out, const float *x, size_t count) {
    for (size_t i = 0; i < count; i += LANES) {
        vf bell, value = load_some(x + i, count - i);
        store_some(out + i, value * normal_of(value, &bell), count - i);
    }
}

static void gelu_backward(float *dy, const float *x, size_t count) {
    for (size_t i = 0; i < count; i += LANES) {
        vf bell, value = load_some(x + i, count - i);
        vf phi = normal_of(value, &bell);
        vf slope = fma_of(value * splat(0.398942280401f), bell, phi);
        store_some(dy + i, load_some(dy + i, count - i) * slope, count - i);
    }
}

/* The product of 32-bit lanes, as its upper and lower halves. */
INLINE vu multiply_wide(vu x, uint32_t factor, vu *low) {
    vw product = __builtin_convertvector(x, vw) * (uint64_t)factor;
    *low = x * factor;
    return __builtin_convertvector(product >> 32, vu);
}

/* The factors of 64 elements, of which the first is a multiple of 64. */
INLINE void dropout_factors(vf factors[4], size_t first, const training_dropout *dropout) {
    const vu lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    vu c0 = lane + (uint32_t)(first / 4), c1 = (vu){0} + dropout->text, c2 = (vu){0} + dropout->site,
       c3 = (vu){0} + dropout->step;
    uint32_t k0 = dropout->key[0], k1 = dropout->key[1];
#pragma clang loop unroll(full)
    for (int round = 0; round < 10; round++) {
        vu low0, low1;
        vu high0 = multiply_wide(c0, 0xD2511F53u, &low0), high1 = multiply_wide(c2, 0xCD9E8D57u, &low1);
        c0 = high1 ^ c1 ^ k0;
        c1 = low1;
        c2 = high0 ^ c3 ^ k1;
        c3 = low0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    const vu words[4] = {c0, c1, c2, c3};
#pragma clang loop unroll(full)
    for (int w = 0; w < 4; w++)
        factors[w] = (vf)((vi)(words[w] >= dropout->threshold) & (vi)splat(dropout->scale));
}

static void drop(float *x, size_t count, const training_dropout *dropout) {
    for (size_t i = 0; i < count; i += 64) {
        vf factors[4];
        dropout_factors(factors, i, dropout);
        for (size_t w = 0, at = i; w < 4 && at < count; w++, at += LANES)
            store_some(x + at, load_some(x + at, count - at) * factors[w], count - at);
    }
}

static void adamw(float *x, float *m, float *v, const float *g, float g_scale, const float beta[4], float epsilon,
                  const training_step *steps, size_t step_count, size_t count) {
    const vf b1 = splat(beta[0]), c1 = splat(beta[1]), b2 = splat(beta[2]), c2 = splat(beta[3]);
    for (size_t i = 0; i < count; i += LANES) {
        const size_t rest = count - i;
        vf value = load_some(x + i, rest), mean = load_some(m + i, rest), square = load_some(v + i, rest);
        for (size_t s = 0; s < step_count; s++) {
            vf gradient = {0};
            if (g && s + 1 == step_count) gradient = load_some(g + i, rest) * splat(g_scale);
            mean = fma_of(c1, gradient, b1 * mean);
            square = fma_of(c2 * gradient, gradient, b2 * square);
            vf root = fma_of(__builtin_elementwise_sqrt(square), splat(steps[s].root), splat(epsilon));
            value = value * splat(steps[s].keep) - splat(steps[s].size) * mean / root;
        }
        store_some(x + i, value, rest);
        store_some(m + i, mean, rest);
        store_some(v + i, square, rest);
    }
}

static void add(float *x, const float *y, size_t count) {
    for (size_t i = 0; i < count; i += LANES)
        store_some(x + i, load_some(x + i, count - i) + load_some(y + i, count - i), count - i);
}

static void add_rows(float *out, const float *x, size_t stride, size_t m, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        vf sum = load_some(out + i, n - i);
        for (size_t row = 0; row < m; row++) sum += load_some(x + row * stride + i, n - i);
        store_some(out + i, sum, n - i);
    }
}

static double sum_of_squares(const float *x, size_t count) {
    vd sum = {0};
    for (size_t i = 0; i < count; i += LANES) {
        vd value = __builtin_convertvector(load_some(x + i, count - i), vd);
        sum += value * value;
    }
    double lane[LANES], total = 0;
    memcpy(lane, &sum, sizeof lane);
    for (size_t i = 0; i < LANES; i++) total += lane[i];
    return total;
}

static void sample(float *change, float *table, const float *x, const int32_t *rows, size_t count, const float *logistic,
                   float rate, size_t width) {
    for (size_t n = 0; n < count; n++) {
        float *row = table + (size_t)rows[n] * width;
        vf sum = {0};
        for (size_t i = 0; i < width; i += LANES) sum = fma_of(load(x + i), load(row + i), sum);
        const vf e = splat(((n == 0) - logistic_of(sum_of(sum), logistic)) * rate);
        for (size_t i = 0; i < width; i += LANES) {
            const vf old = load(row + i);
            store(change + i, fma_of(e, old, load(change + i)));
            store(row + i, fma_of(e, load(x + i), old));
        }
    }
}
