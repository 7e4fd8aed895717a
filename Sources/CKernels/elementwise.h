/* The kernels that go through rows element by element: quantize_rows, layer_norm, gelu, gelu_tanh and
 * add_scaled.
 *
 * CKernels.h documents them, and reference.c has the same steps in scalar form. Each loop over whole vectors is
 * followed by the rest of the row, if its length is not a multiple of sixteen.
 */
#include "vectors.h"

/* Sixteen quantized values. The rounding addition leaves the integer in its low bits, where the clamp costs less. */
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
        if (i < k) {  /* The empty lanes are zero, which every range includes. */
            lows = min_of(load_some(x + i, k - i), lows);
            highs = max_of(load_some(x + i, k - i), highs);
        }
        /* From here on, each step is that of reference.c, to the bit. */
        float low = -max_in(-lows), high = max_in(highs);
        float range = high - low < 1e-30f ? 0 : high - low;
        float steps = range > 0 ? 254 / range : 0;
        float offset = rintf(-low * steps);
        int32_t zero = offset <= 254 ? (int32_t)offset + 1 : 1;  /* 1 if x is not finite */
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
            /* Past the end of the row, the distance is -mean. Copying only the rest keeps these lanes zero. */
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

static void gelu(float *x, size_t count) {
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) store(x + i, gelu_of(load(x + i)));
    if (i < count) store_some(x + i, gelu_of(load_some(x + i, count - i)), count - i);
}

/* reference.c describes the method. */
INLINE vf gelu_tanh_of(vf x) {
    return x * sigmoid_of(x * fma_of(x * x, splat(0.07135481627260025f), splat(1.5957691216057308f)));
}

static void gelu_tanh(float *x, size_t count) {
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) store(x + i, gelu_tanh_of(load(x + i)));
    if (i < count) store_some(x + i, gelu_tanh_of(load_some(x + i, count - i)), count - i);
}

static void add_scaled(float *out, const int8_t *q, float scale, const float *x, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = scale * (float)q[i] + x[i];
}
