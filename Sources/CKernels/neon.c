/* AArch64 with the dot-product extension: sdot adds four int8 * int8 products to each of four int32 lanes. */
#if defined(__aarch64__)
#include "kernels.h"

#include <arm_neon.h>

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)

#include "attention.h"
#include "elementwise.h"
#include "lstm.h"
#include "matmul_f32.h"

/* Adds four products to each of sixteen sums. Because sdot multiplies signed integers, 128 is subtracted from the
 * activations, which moves them from 1...255 to -127...127. */
INLINE vi add_products(vi sums, uint32_t four, vi weights) {
    const int8x16_t centred = vreinterpretq_s8_u32(vdupq_n_u32(four ^ 0x80808080u));
    int32x4_t sum[4];
    int8x16_t weight[4];
    memcpy(sum, &sums, sizeof sum);
    memcpy(weight, &weights, sizeof weight);
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) sum[i] = vdotq_s32(sum[i], centred, weight[i]);
    memcpy(&sums, sum, sizeof sum);
    return sums;
}

#define ROWS 4
#define CENTRE 128
#include "matmul_q8.h"

const kernels kernels_neon = {
    "neon", quantize_rows, matmul_q8, matmul_f32, layer_norm, gelu, gelu_tanh, attention, add_scaled, lstm,
};

#pragma clang attribute pop
#endif
