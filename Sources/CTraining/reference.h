/* The definition of every kernel that is not a product, in plain loops.
 *
 * A sum over a row has sixteen lanes: lane i adds the elements i, i + 16, i + 32 and so on, and then the upper half of
 * the lanes is added to the lower half until one is left. fmaf rounds a product and its sum once.
 */
#include "training.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

static float folded(float lane[16]) {
    for (size_t half = 8; half > 0; half /= 2)
        for (size_t i = 0; i < half; i++) lane[i] += lane[i + half];
    return lane[0];
}

/* e^x = 2^n * e^r, where n is the integer next to x / ln 2 and |r| <= ln 2 / 2, with the Taylor series of e^r. */
static float power(float x) {
    if (!(x > -87)) x = -87;
    const float shift = 12582912.0f, n = fmaf(x, 1.44269504f, shift) - shift;
    float r = fmaf(n, -0.693145751953125f, x);
    r = fmaf(n, -1.42860682030941723e-6f, r);
    float p = 1.0f / 5040;
    const float series[] = {1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f, 1, 1};
    for (size_t i = 0; i < 7; i++) p = fmaf(p, r, series[i]);
    const uint32_t bits = (uint32_t)((int32_t)n + 127) << 23;
    float factor;
    memcpy(&factor, &bits, 4);
    return p * factor;
}

/* Phi(x). Source: Abramowitz and Stegun 1964, 7.1.26, with erfc(x / sqrt(2)) = 2 * Phi(-x). */
static float normal(float x, float *bell) {
    const float size = x < 0 ? -x : x, t = 1 / fmaf(size, 0.23164188829f, 1);
    float p = 0.5307027145f;
    const float series[] = {-0.7265760135f, 0.7107068705f, -0.142248368f, 0.127414796f};
    for (size_t i = 0; i < 4; i++) p = fmaf(p, t, series[i]);
    *bell = power(x * x * -0.5f);
    const float tail = p * t * *bell;
    return x < 0 ? tail : 1 - tail;
}

static void layer_norm(float *out, float *normalized, float *spread, const float *x, const float *gain,
                       const float *offset, float epsilon, size_t m, size_t width) {
    for (size_t row = 0; row < m; row++, x += width, out += width, normalized += width) {
        float lane[16] = {0}, square[16] = {0};
        for (size_t i = 0; i < width; i++) lane[i % 16] += x[i];
        const float mean = folded(lane) / (float)width;
        for (size_t i = 0; i < width; i++) square[i % 16] = fmaf(x[i] - mean, x[i] - mean, square[i % 16]);
        spread[row] = 1 / sqrtf(folded(square) / (float)width + epsilon);
        for (size_t i = 0; i < width; i++) {
            normalized[i] = (x[i] - mean) * spread[row];
            out[i] = fmaf(normalized[i], gain[i], offset[i]);
        }
    }
}

static void layer_norm_backward(float *dx, float *d_gain, float *d_offset, const float *dy, const float *normalized,
                                const float *spread, const float *gain, size_t m, size_t width) {
    for (size_t row = 0; row < m; row++, dx += width, dy += width, normalized += width) {
        float sum[16] = {0}, weighted[16] = {0};
        for (size_t i = 0; i < width; i++) {
            const float scaled = dy[i] * gain[i];
            sum[i % 16] += scaled;
            weighted[i % 16] = fmaf(scaled, normalized[i], weighted[i % 16]);
            d_gain[i] = fmaf(dy[i], normalized[i], d_gain[i]);
            d_offset[i] += dy[i];
        }
        const float mean = folded(sum) / (float)width, slope = folded(weighted) / (float)width;
        for (size_t i = 0; i < width; i++)
            dx[i] = (dy[i] * gain[i] - mean - normalized[i] * slope) * spread[row];
    }
}

static void gelu(float *out, const float *x, size_t count) {
    for (size_t i = 0; i < count; i++) {
        float bell;
        out[i] = x[i] * normal(x[i], &bell);
    }
}

static void gelu_backward(float *dy, const float *x, size_t count) {
    for (size_t i = 0; i < count; i++) {
        float bell;
        const float phi = normal(x[i], &bell);
        dy[i] *= fmaf(x[i] * 0.398942280401f, bell, phi);
    }
}

static void drop(float *x, size_t count, const training_dropout *dropout) {
    for (size_t i = 0; i < count; i++) {
        uint32_t c[4] = {(uint32_t)(i / 64 * 16 + i % 16), dropout->text, dropout->site, dropout->step};
        uint32_t k[2] = {dropout->key[0], dropout->key[1]};
        for (int round = 0; round < 10; round++) {
            const uint64_t a = (uint64_t)0xD2511F53u * c[0], b = (uint64_t)0xCD9E8D57u * c[2];
            c[0] = (uint32_t)(b >> 32) ^ c[1] ^ k[0];
            c[1] = (uint32_t)b;
            c[2] = (uint32_t)(a >> 32) ^ c[3] ^ k[1];
            c[3] = (uint32_t)a;
            k[0] += 0x9E3779B9u;
            k[1] += 0xBB67AE85u;
        }
        x[i] *= c[i / 16 % 4] >= dropout->threshold ? dropout->scale : 0;
    }
}

static void adamw(float *x, float *m, float *v, const float *g, float g_scale, const float beta[4], float epsilon,
                  const training_step *steps, size_t step_count, size_t count) {
    for (size_t i = 0; i < count; i++)
        for (size_t s = 0; s < step_count; s++) {
            const float gradient = g && s + 1 == step_count ? g[i] * g_scale : 0;
            m[i] = fmaf(beta[1], gradient, beta[0] * m[i]);
            v[i] = fmaf(beta[3] * gradient, gradient, beta[2] * v[i]);
            x[i] = x[i] * steps[s].keep - steps[s].size * m[i] / fmaf(sqrtf(v[i]), steps[s].root, epsilon);
        }
}

static void add(float *x, const float *y, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] += y[i];
}

static void add_rows(float *out, const float *x, size_t stride, size_t m, size_t n) {
    for (size_t row = 0; row < m; row++)
        for (size_t i = 0; i < n; i++) out[i] += x[row * stride + i];
}

static double sum_of_squares(const float *x, size_t count) {
    double lane[16] = {0}, total = 0;
    for (size_t i = 0; i < count; i++) lane[i % 16] += (double)x[i] * (double)x[i];
    for (size_t i = 0; i < 16; i++) total += lane[i];
    return total;
}

static void sample(float *change, float *table, const float *x, const int32_t *rows, size_t count, const float *logistic,
                   float rate, size_t width) {
    for (size_t n = 0; n < count; n++) {
        float *row = table + (size_t)rows[n] * width, lane[16] = {0};
        for (size_t i = 0; i < width; i++) lane[i % 16] = fmaf(x[i], row[i], lane[i % 16]);
        const float e = ((n == 0) - logistic_of(folded(lane), logistic)) * rate;
        for (size_t i = 0; i < width; i++) {
            change[i] = fmaf(e, row[i], change[i]);
            row[i] = fmaf(e, x[i], row[i]);
        }
    }
}
