/* The definition of every kernel, in the plainest loops, and the fallback on any CPU. */
#include "kernels.h"

#include <math.h>

/* A product and a sum are rounded each: fused, the bits would depend on the instruction set. */
#pragma STDC FP_CONTRACT OFF

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
        float steps = range > 0 ? 254 / range : 0;  /* a unit */
        int32_t zero = (int32_t)rintf(-low * steps) + 1;
        for (size_t i = 0; i < k; i++) {
            int32_t step = (int32_t)rintf(row[i] * steps) + zero;
            q[i] = (uint8_t)(step < 1 ? 1 : step > 255 ? 255 : step);
        }
        for (size_t i = k; i < rows->stride; i++) q[i] = (uint8_t)zero;
        rows->scale[m] = range / 254;
        rows->zero[m] = zero;
    }
}

static void matmul_q8(float *out, size_t out_stride, const kernels_q8_rows *a, const kernels_q8_weights *w) {
    for (size_t m = 0; m < a->m; m++) {
        const uint8_t *q = a->q + m * a->stride;
        for (size_t panel = 0; panel < w->n; panel += 16) {
            const int8_t *data = w->data + panel * w->k;
            int32_t sum[16] = {0};
            for (size_t k = 0; k < w->k; k += 4)
                for (size_t n = 0; n < 16; n++)
                    for (size_t i = 0; i < 4; i++) sum[n] += (int32_t)q[k + i] * data[k * 16 + n * 4 + i];
            for (size_t n = 0; n < 16; n++) {
                float scale = a->scale[m] * w->scale[panel + n];
                float exact = (float)(sum[n] - a->zero[m] * w->sum[panel + n]);
                out[m * out_stride + panel + n] = exact * scale + w->bias[panel + n];
            }
        }
    }
}

static void matmul_f32(float *out, size_t out_stride, const float *x, size_t x_stride, const float *w, const float *bias,
                       size_t m, size_t n, size_t k) {
    for (size_t row = 0; row < m; row++)
        for (size_t column = 0; column < n; column++) {
            float sum = 0;
            for (size_t i = 0; i < k; i++) sum += x[row * x_stride + i] * w[column * k + i];
            out[row * out_stride + column] = sum + bias[column];
        }
}

static void layer_norm(float *x, size_t stride, const float *residual, size_t residual_stride, const float *gain,
                       const float *offset, float epsilon, size_t m, size_t width) {
    for (size_t row = 0; row < m; row++, x += stride) {
        float mean = 0, variance = 0;
        for (size_t i = 0; i < width; i++) {
            if (residual) x[i] += residual[row * residual_stride + i];
            mean += x[i];
        }
        mean /= (float)width;
        for (size_t i = 0; i < width; i++) variance += (x[i] - mean) * (x[i] - mean);
        float factor = 1 / sqrtf(variance / (float)width + epsilon);
        for (size_t i = 0; i < width; i++) x[i] = (x[i] - mean) * factor * gain[i] + offset[i];
    }
}

static void gelu(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] = 0.5f * x[i] * (1 + erff(x[i] * 0.70710678f));
}

static void attention(float *out, size_t out_stride, const float *q, size_t q_stride, const float *k, const float *v,
                      size_t stride, size_t tokens, size_t queries, size_t heads, size_t head_dim, float *weight) {
    float scale = 1 / sqrtf((float)head_dim);
    for (size_t head = 0; head < heads; head++, q += head_dim, k += head_dim, v += head_dim, out += head_dim)
        for (size_t t = 0; t < queries; t++) {
            float largest = -INFINITY, total = 0;
            for (size_t s = 0; s < tokens; s++) {
                float dot = 0;
                for (size_t d = 0; d < head_dim; d++) dot += q[t * q_stride + d] * k[s * stride + d];
                weight[s] = dot * scale;
                largest = weight[s] > largest ? weight[s] : largest;
            }
            for (size_t s = 0; s < tokens; s++) total += weight[s] = expf(weight[s] - largest);
            for (size_t d = 0; d < head_dim; d++) {
                float sum = 0;
                for (size_t s = 0; s < tokens; s++) sum += weight[s] * v[s * stride + d];
                out[t * out_stride + d] = sum / total;
            }
        }
}

static void add_scaled(float *out, const int8_t *q, float scale, const float *x, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = scale * q[i] + x[i];
}

const kernels kernels_baseline = {"baseline", quantize_rows, matmul_q8, matmul_f32, layer_norm, gelu, attention, add_scaled};
