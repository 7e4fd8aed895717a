/* The definition of every kernel, in plain loops. These kernels also run on CPUs that have no faster ones.
 *
 * This file defines every bit of the results. A sum over a row consists of sixteen sums side by side, which are then
 * folded in halves. Where the code calls fmaf, a product and its sum are rounded together, once. No other operations
 * may be fused.
 */
#include "kernels.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

/* Adds the sixteen sums of a row in halves. Element i of the row belongs to lane i % 16. */
static float folded(float lane[16]) {
    for (size_t half = 8; half > 0; half /= 2)
        for (size_t i = 0; i < half; i++) lane[i] += lane[i + half];
    return lane[0];
}

static void quantize_rows(const kernels_q8_rows *rows, const float *x, size_t x_stride, size_t k) {
    for (size_t m = 0; m < rows->m; m++) {
        const float *row = x + m * x_stride;
        uint8_t *q = rows->q + m * rows->stride;
        float low = 0, high = 0;
        for (size_t i = 0; i < k; i++) {
            low = row[i] < low ? row[i] : low;
            high = row[i] > high ? row[i] : high;
        }
        float range = high - low < 1e-30f ? 0 : high - low;
        float steps = range > 0 ? 254 / range : 0;  /* for each unit of x */
        float offset = rintf(-low * steps);
        int32_t zero = offset <= 254 ? (int32_t)offset + 1 : 1;  /* 1 if x is not finite */
        for (size_t i = 0; i < k; i++) {
            float rounded = rintf(row[i] * steps);
            int32_t step = rounded >= -254 && rounded <= 254 ? (int32_t)rounded + zero : 255;
            q[i] = (uint8_t)(step < 1 ? 1 : step > 255 ? 255 : step);
        }
        for (size_t i = k; i < rows->stride; i++) q[i] = (uint8_t)zero;
        rows->scale[m] = range / 254;
        rows->zero[m] = zero;
    }
}

/* Computes x * Phi(x). Because Phi(x) - 1/2 is odd, it is approximated as x * P(t) with t = 2 x^2 / 25 - 1, where P is
 * a minimax polynomial for |x| <= 5, fitted with weight x^2 by Lawson's algorithm. For larger |x|, the approximation
 * uses Phi(5) = 1 - 2.9e-7 or Phi(-5). */
static void gelu(float *x, size_t count) {
    static const float coefficient[] = {
        -0.0010963715612888336f, 0.0031944706570357084f, -0.0038868370465934277f, 0.005113241728395224f,
        -0.010165480896830559f,  0.01691015437245369f,   -0.02362494356930256f,   0.03135671839118004f,
        -0.040391985327005386f,  0.05152539908885956f,   -0.07029823213815689f,   0.14136375486850739f,
    };
    for (size_t i = 0; i < count; i++) {
        float c = x[i] < -5 ? -5 : x[i] > 5 ? 5 : x[i], t = fmaf(c * c, 0.08f, -1), p = coefficient[0];
        for (size_t k = 1; k < sizeof coefficient / sizeof *coefficient; k++) p = fmaf(p, t, coefficient[k]);
        x[i] = x[i] * fmaf(c, p, 0.5f);
    }
}

/* Returns value `i` of the 64 values that a panel of sixteen outputs holds for inputs k ..< k + 4. */
static int32_t value_at(const int8_t *data, size_t bits, size_t k, size_t i) {
    if (bits == 8) return data[k * 16 + i];
    int32_t two = data[k / 8 * 64 + i];
    return k % 8 == 0 ? ((two & 15) ^ 8) * 16 - 128 : (two >> 4) * 16;
}

static void matmul_q8(float *out, size_t out_stride, const kernels_q8_rows *a, const kernels_q8_weights *w,
                      kernels_activation activation) {
    for (size_t m = 0; m < a->m; m++) {
        const uint8_t *q = a->q + m * a->stride;
        for (size_t panel = 0; panel < w->n; panel += 16) {
            const int8_t *data = w->data + panel * w->k * w->bits / 8;
            int32_t sum[16] = {0};
            for (size_t k = 0; k < w->k; k += 4)
                for (size_t n = 0; n < 16; n++)
                    for (size_t i = 0; i < 4; i++)
                        sum[n] += (int32_t)q[k + i] * value_at(data, w->bits, k, n * 4 + i);
            for (size_t n = 0; n < 16; n++) {
                float scale = a->scale[m] * w->scale[panel + n];
                float exact = (float)(sum[n] - a->zero[m] * w->sum[panel + n]);
                out[m * out_stride + panel + n] = exact * scale + w->bias[panel + n];
            }
            if (activation == kernels_gelu) gelu(out + m * out_stride + panel, 16);
        }
    }
}

static void matmul_f32(float *out, size_t out_stride, const float *x, size_t x_stride, const float *w,
                       const float *bias, size_t m, size_t n, size_t k) {
    for (size_t row = 0; row < m; row++)
        for (size_t column = 0; column < n; column++) {
            float lane[16] = {0};
            for (size_t i = 0; i < k; i++) lane[i % 16] = fmaf(x[row * x_stride + i], w[column * k + i], lane[i % 16]);
            out[row * out_stride + column] = folded(lane) + bias[column];
        }
}

static void layer_norm(float *x, size_t stride, const float *residual, size_t residual_stride, const float *gain,
                       const float *offset, float epsilon, size_t m, size_t width) {
    for (size_t row = 0; row < m; row++, x += stride) {
        float sum[16] = {0}, squares[16] = {0};
        for (size_t i = 0; i < width; i++) {
            if (residual) x[i] += residual[row * residual_stride + i];
            sum[i % 16] += x[i];
        }
        float mean = folded(sum) / (float)width;
        for (size_t i = 0; i < width; i++) squares[i % 16] = fmaf(x[i] - mean, x[i] - mean, squares[i % 16]);
        float factor = 1 / sqrtf(folded(squares) / (float)width + epsilon);
        for (size_t i = 0; i < width; i++) x[i] = fmaf((x[i] - mean) * factor, gain[i], offset[i]);
    }
}

/* Computes e^x for -87 <= x <= 0 with a relative error below 3e-7, as 2^n * e^r with |r| <= ln(2) / 2. A Taylor series
 * gives e^r. The constant ln(2) is split into two parts so that the first product is exact. */
static float exponential(float x) {
    static const float factorial[] = {1.0f / 5040, 1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f, 1, 1};
    float n = rintf(x * 1.44269504f), r = fmaf(n, -0.693145751953125f, x), p = factorial[0], power;
    r = fmaf(n, -1.42860682030941723e-6f, r);
    for (size_t k = 1; k < 8; k++) p = fmaf(p, r, factorial[k]);
    uint32_t bits = (uint32_t)((int32_t)(n >= -126 ? n : -126) + 127) << 23;  /* n is a number, also if x is not */
    memcpy(&power, &bits, 4);
    return p * power;
}

static void attention(float *out, size_t out_stride, const float *q, size_t q_stride, const float *k, const float *v,
                      size_t stride, size_t tokens, size_t queries, size_t heads, size_t head_dim, const float *bias,
                      size_t bias_stride, float *weight) {
    float scale = 1 / sqrtf((float)head_dim);
    for (size_t head = 0; head < heads; head++, q += head_dim, k += head_dim, v += head_dim, out += head_dim)
        for (size_t t = 0; t < queries; t++) {
            float largest = -INFINITY, total[16] = {0};
            for (size_t s = 0; s < tokens; s++) {
                float dot = 0;
                for (size_t d = 0; d < head_dim; d++) dot = fmaf(k[s * stride + d], q[t * q_stride + d], dot);
                weight[s] = dot * scale;
                if (bias) weight[s] += bias[(ptrdiff_t)(head * bias_stride + s) - (ptrdiff_t)t];
                largest = weight[s] > largest ? weight[s] : largest;
            }
            for (size_t s = 0; s < tokens; s++) {
                float distance = weight[s] - largest;
                weight[s] = exponential(distance < -87 ? -87 : distance);
                total[s % 16] += weight[s];
            }
            float share = 1 / folded(total);
            for (size_t d = 0; d < head_dim; d++) {
                float sum = 0;
                for (size_t s = 0; s < tokens; s++) sum = fmaf(v[s * stride + d], weight[s], sum);
                out[t * out_stride + d] = sum * share;
            }
        }
}

static void add_scaled(float *out, const int8_t *q, float scale, const float *x, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = scale * (float)q[i] + x[i];
}

/* The larger of x and -87, below which `exponential` is not defined. */
static float at_least(float x) { return x > -87 ? x : -87; }

/* 1 / (1 + e^-x). Adding x - x keeps a value that is not a number what it is. */
static float sigmoid(float x) {
    float e = exponential(at_least(x < -x ? x : -x)), share = 1 / (1 + e);
    return (x < 0 ? e * share : share) + (x - x);
}

/* x / 2 * (1 + tanh(y)) is x * sigmoid(2 y). */
static void gelu_tanh(float *x, size_t count) {
    for (size_t i = 0; i < count; i++)
        x[i] = x[i] * sigmoid(x[i] * fmaf(x[i] * x[i], 0.07135481627260025f, 1.5957691216057308f));
}

/* (1 - e^-2|x|) / (1 + e^-2|x|), with the sign of x. */
static float tangent(float x) {
    float e = exponential(at_least(2 * (x < -x ? x : -x))), size = (1 - e) / (1 + e);
    return (x < 0 ? -size : size) + (x - x);
}

static void lstm(float *h, float *c, const float *z, const float *r, size_t stride, size_t m, size_t units) {
    for (size_t row = 0; row < m; row++, h += units, c += units, z += stride) {
        for (size_t u = 0; u < units; u++) {
            float sum[4];
            for (size_t gate = 0; gate < 4; gate++) sum[gate] = z[gate * units + u] + (r ? r[gate * units + u] : 0);
            c[u] = fmaf(sigmoid(sum[0]), tangent(sum[2]), sigmoid(sum[1]) * c[u]);
            h[u] = sigmoid(sum[3]) * tangent(c[u]);
        }
        if (r) r += stride;
    }
}

const kernels kernels_baseline = {
    "baseline", quantize_rows, matmul_q8, matmul_f32, layer_norm, gelu, gelu_tanh, attention, add_scaled, lstm,
};
