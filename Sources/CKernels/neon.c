/* AArch64 with the dot-product extension: sdot adds four int8 * int8 products to each of four int32 lanes. */
#if defined(__aarch64__)
#include "kernels.h"
#include "prefetch.h"

#include <arm_neon.h>

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)

#include "float_kernels.h"

/* rows x 16 outputs. acc[r][p]: four int32 sums of row r, quarter p of the panel. Activations are centred, taken from
 * 1...255 to -127...127, as both factors are signed. */
INLINE void tile(const int rows, const size_t bits, float *out, size_t out_stride, const uint8_t *q, size_t stride,
                 const float *scale, const int32_t *zero, const kernels_q8_weights *w, size_t n, prefetch *ahead) {
    const size_t step = 32 / bits;   /* inputs in 64 bytes */
    const int8_t *data = w->data + n * w->k * bits / 8;
    int32x4_t acc[4][4];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) acc[r][0] = acc[r][1] = acc[r][2] = acc[r][3] = vdupq_n_s32(0);
    size_t fetch = ahead ? 0 : SIZE_MAX;   /* the input to do it at */
    for (size_t k = 0; k < w->k; k += step) {
        if (k == fetch) {
            prefetch_lines(ahead);
            fetch += 8 * step;
        }
#pragma clang loop unroll(full)
        for (size_t i = 0; i < step; i += 4) {
            const vi weights = weights_of(bits, data + k * 2 * bits, i);
            int8x16_t quarter[4];
            memcpy(quarter, &weights, sizeof quarter);
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) {
                uint32_t four;
                memcpy(&four, q + (size_t)r * stride + k + i, 4);
                const int8x16_t centred = vreinterpretq_s8_u32(vdupq_n_u32(four ^ 0x80808080u));
#pragma clang loop unroll(full)
                for (int p = 0; p < 4; p++) acc[r][p] = vdotq_s32(acc[r][p], centred, quarter[p]);
            }
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
        store_outputs(out + (size_t)r * out_stride, acc[r], scale[r], zero[r] - 128, w, n);
}

#define ROWS 4
#include "matmul_q8.h"

const kernels kernels_neon = {"neon", quantize_rows, matmul_q8, matmul_f32, layer_norm, gelu, attention, add_scaled};

#pragma clang attribute pop
#endif
