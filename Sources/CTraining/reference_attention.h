/* The definition of attention and its gradient, in plain loops. Every sum runs in order, with one rounding a term. */
#include "reference.h"

static void attention(float *out, size_t out_stride, float *p, const float *mask, const float *qkv, size_t stride,
                      size_t tokens, size_t heads, size_t head_dim, float *scratch) {
    (void)scratch;
    const size_t columns = padded(tokens), width = heads * head_dim;
    const float scale = 1 / sqrtf((float)head_dim);
    for (size_t row = 0; row < heads * tokens; row++, p += columns) {
        const size_t h = row / tokens, t = row % tokens;
        const float *q = qkv + t * stride + h * head_dim;
        float largest = -INFINITY, lane[16] = {0};
        memset(p, 0, columns * 4);
        for (size_t s = 0; s < tokens; s++) {
            const float *k = qkv + s * stride + width + h * head_dim;
            for (size_t d = 0; d < head_dim; d++) p[s] = fmaf(q[d], k[d], p[s]);
            p[s] *= scale;
            if (p[s] > largest) largest = p[s];
        }
        for (size_t s = 0; s < tokens; s++) lane[s % 16] += p[s] = power(p[s] - largest);
        const float factor = 1 / folded(lane);
        for (size_t s = 0; s < tokens; s++) p[s] *= factor;
        for (size_t d = 0; d < head_dim; d++) {
            float sum = 0;
            for (size_t s = 0; s < tokens; s++)
                sum = fmaf(mask ? p[s] * mask[row * columns + s] : p[s],
                           qkv[s * stride + 2 * width + h * head_dim + d], sum);
            out[t * out_stride + h * head_dim + d] = sum;
        }
    }
}

static void attention_backward(float *d_qkv, const float *d_out, size_t out_stride, const float *p, const float *mask,
                               const float *qkv, size_t stride, size_t tokens, size_t heads, size_t head_dim,
                               float *scratch) {
    const size_t columns = padded(tokens), width = heads * head_dim, square = tokens * columns;
    const float scale = 1 / sqrtf((float)head_dim);
    float *ds = scratch;
    for (size_t h = 0; h < heads; h++, p += square) {
        const float *factors = mask ? mask + h * square : NULL;
        const float *q = qkv + h * head_dim, *k = q + width, *v = k + width, *dy = d_out + h * head_dim;
        float *dq = d_qkv + h * head_dim, *dk = dq + width, *dv = dk + width;
        memset(ds, 0, square * 4);
        for (size_t t = 0; t < tokens; t++) {
            float *row = ds + t * columns, lane[16] = {0};
            const float *share = p + t * columns;
            for (size_t s = 0; s < tokens; s++) {
                for (size_t d = 0; d < head_dim; d++)
                    row[s] = fmaf(dy[t * out_stride + d], v[s * stride + d], row[s]);
                if (factors) row[s] *= factors[t * columns + s];
                lane[s % 16] = fmaf(row[s], share[s], lane[s % 16]);
            }
            const float mean = folded(lane);
            for (size_t s = 0; s < tokens; s++) row[s] = share[s] * (row[s] - mean);
        }
        for (size_t t = 0; t < tokens; t++)
            for (size_t d = 0; d < head_dim; d++) {
                float to_q = 0, to_k = 0, to_v = 0;
                for (size_t s = 0; s < tokens; s++) {
                    const size_t at = s * columns + t;
                    to_q = fmaf(ds[t * columns + s], k[s * stride + d], to_q);
                    to_k = fmaf(ds[at], q[s * stride + d], to_k);
                    to_v = fmaf(factors ? p[at] * factors[at] : p[at], dy[s * out_stride + d], to_v);
                }
                dq[t * stride + d] = to_q * scale;
                dk[t * stride + d] = to_k * scale;
                dv[t * stride + d] = to_v;
            }
    }
}
