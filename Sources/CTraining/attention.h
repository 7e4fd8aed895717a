/* Attention and its gradient. A head is copied into padded rows, so every product runs over whole vectors. */
#include "lanes.h"

/* out[i][0..<width] = factor * sum_k a[i * a_row + k * a_k] * b[k][0..<width], for a width that is a multiple of 16. */
INLINE void small_block(const int rows, const int vectors, float *out, size_t out_stride, const float *a, size_t a_row,
                        size_t a_k, const float *b, size_t b_stride, size_t terms, float factor) {
    vf sum[4][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int c = 0; c < vectors; c++) sum[r][c] = splat(0);
    for (size_t k = 0; k < terms; k++) {
        vf right[2];
#pragma clang loop unroll(full)
        for (int c = 0; c < vectors; c++) right[c] = load(b + k * b_stride + (size_t)c * LANES);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            vf left = splat(a[(size_t)r * a_row + k * a_k]);
#pragma clang loop unroll(full)
            for (int c = 0; c < vectors; c++) sum[r][c] = fma_of(left, right[c], sum[r][c]);
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int c = 0; c < vectors; c++)
            store(out + (size_t)r * out_stride + (size_t)c * LANES, sum[r][c] * splat(factor));
}

static void small_product(float *out, size_t out_stride, const float *a, size_t a_row, size_t a_k, const float *b,
                          size_t b_stride, size_t m, size_t terms, size_t width, float factor) {
    for (size_t j = 0; j < width; j += 2 * LANES) {
        const int two = width - j >= 2 * LANES;
        size_t i = 0;
        for (; i + 4 <= m; i += 4) {
            float *o = out + i * out_stride + j;
            if (two) small_block(4, 2, o, out_stride, a + i * a_row, a_row, a_k, b + j, b_stride, terms, factor);
            else small_block(4, 1, o, out_stride, a + i * a_row, a_row, a_k, b + j, b_stride, terms, factor);
        }
        for (; i < m; i++) {
            float *o = out + i * out_stride + j;
            if (two) small_block(1, 2, o, out_stride, a + i * a_row, a_row, a_k, b + j, b_stride, terms, factor);
            else small_block(1, 1, o, out_stride, a + i * a_row, a_row, a_k, b + j, b_stride, terms, factor);
        }
    }
}

/* Copies the rows of a head, and fills each with zeros. */
INLINE void gather(float *out, const float *x, size_t stride, size_t tokens, size_t head_dim) {
    const size_t width = padded(head_dim);
    for (size_t t = 0; t < tokens; t++) {
        memcpy(out + t * width, x + t * stride, head_dim * 4);
        memset(out + t * width + head_dim, 0, (width - head_dim) * 4);
    }
}

INLINE void scatter(float *out, size_t stride, const float *x, size_t tokens, size_t head_dim) {
    for (size_t t = 0; t < tokens; t++) memcpy(out + t * stride, x + t * padded(head_dim), head_dim * 4);
}

/* Transposes the rows of a head into columns of `padded(tokens)`, and fills the rest with zeros. */
INLINE void gather_transposed(float *out, const float *x, size_t stride, size_t tokens, size_t head_dim) {
    const size_t width = padded(tokens);
    for (size_t d = 0; d < head_dim; d++) {
        for (size_t t = 0; t < tokens; t++) out[d * width + t] = x[t * stride + d];
        memset(out + d * width + tokens, 0, (width - tokens) * 4);
    }
}

/* Turns a row of scores into probabilities. */
INLINE void softmax(float *row, size_t tokens) {
    vf largest = splat(-INFINITY), sum = {0};
    const size_t width = padded(tokens);
    for (size_t i = tokens; i < width; i++) row[i] = -INFINITY;
    for (size_t i = 0; i < width; i += LANES) largest = max_of(largest, load(row + i));
    const vf top = splat(max_in(largest));
    for (size_t i = 0; i < width; i += LANES) {
        vf power = exp_of(load(row + i) - top);
        if (tokens - i < LANES) {
            vf used = {0};
            memcpy(&used, &power, (tokens - i) * 4);
            power = used;
        }
        sum += power;
        store(row + i, power);
    }
    const vf factor = splat(1 / sum_of(sum));
    for (size_t i = 0; i < width; i += LANES) store(row + i, load(row + i) * factor);
}

INLINE void multiply_elements(float *out, const float *a, const float *b, size_t count) {
    for (size_t i = 0; i < count; i += LANES) store(out + i, load(a + i) * load(b + i));
}

static void attention(float *out, size_t out_stride, float *p, const float *mask, const float *qkv, size_t stride,
                      size_t tokens, size_t heads, size_t head_dim, float *scratch) {
    const size_t columns = padded(tokens), wide = padded(head_dim), width = heads * head_dim, square = tokens * columns;
    const float scale = 1 / sqrtf((float)head_dim);
    float *keys = scratch, *values = keys + head_dim * columns, *result = values + tokens * wide,
          *kept = result + tokens * wide;
    for (size_t h = 0; h < heads; h++, p += square) {
        const float *q = qkv + h * head_dim;
        gather_transposed(keys, q + width, stride, tokens, head_dim);
        gather(values, q + 2 * width, stride, tokens, head_dim);
        small_product(p, columns, q, stride, 1, keys, columns, tokens, head_dim, columns, scale);
        for (size_t t = 0; t < tokens; t++) softmax(p + t * columns, tokens);
        if (mask) multiply_elements(kept, p, mask + h * square, square);
        small_product(result, wide, mask ? kept : p, columns, 1, values, wide, tokens, tokens, wide, 1);
        scatter(out + h * head_dim, out_stride, result, tokens, head_dim);
    }
}

static void attention_backward(float *d_qkv, const float *d_out, size_t out_stride, const float *p, const float *mask,
                               const float *qkv, size_t stride, size_t tokens, size_t heads, size_t head_dim,
                               float *scratch) {
    const size_t columns = padded(tokens), wide = padded(head_dim), width = heads * head_dim, square = tokens * columns;
    const float scale = 1 / sqrtf((float)head_dim);
    float *values = scratch, *rows = values + head_dim * columns, *result = rows + tokens * wide,
          *kept = result + tokens * wide, *ds = kept + square;
    for (size_t h = 0; h < heads; h++, p += square) {
        const float *q = qkv + h * head_dim, *dy = d_out + h * head_dim;
        float *dq = d_qkv + h * head_dim;
        const float *factors = mask ? mask + h * square : NULL;
        /* dV = kept^T dO */
        if (mask) multiply_elements(kept, p, factors, square);
        gather(rows, dy, out_stride, tokens, head_dim);
        small_product(result, wide, mask ? kept : p, 1, columns, rows, wide, tokens, tokens, wide, 1);
        scatter(dq + 2 * width, stride, result, tokens, head_dim);
        /* dP = dO V^T * mask, dS = P * (dP - sum(dP * P)) */
        gather_transposed(values, q + 2 * width, stride, tokens, head_dim);
        small_product(ds, columns, dy, out_stride, 1, values, columns, tokens, head_dim, columns, 1);
        if (mask) multiply_elements(ds, ds, factors, square);
        for (size_t t = 0; t < tokens; t++) {
            float *row = ds + t * columns;
            const float *share = p + t * columns;
            vf sum = {0};
            for (size_t i = 0; i < columns; i += LANES) sum = fma_of(load(row + i), load(share + i), sum);
            const vf mean = splat(sum_of(sum));
            for (size_t i = 0; i < columns; i += LANES) store(row + i, load(share + i) * (load(row + i) - mean));
        }
        /* dQ = scale * dS K, dK = scale * dS^T Q */
        gather(rows, q + width, stride, tokens, head_dim);
        small_product(result, wide, ds, columns, 1, rows, wide, tokens, tokens, wide, scale);
        scatter(dq, stride, result, tokens, head_dim);
        gather(rows, q, stride, tokens, head_dim);
        small_product(result, wide, ds, 1, columns, rows, wide, tokens, tokens, wide, scale);
        scatter(dq + width, stride, result, tokens, head_dim);
    }
}
