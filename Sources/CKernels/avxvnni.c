/* AVX-VNNI: the vpdpbusd instruction of AVX-512 VNNI on registers of half the size, for processors without AVX-512. */
#if defined(__x86_64__)
#include "kernels.h"

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,avxvnni,fma"))), apply_to = function)

#include "attention.h"
#include "elementwise.h"
#include "lstm.h"
#include "matmul_f32.h"

/* Adds four products to each of sixteen sums. */
INLINE vi add_products(vi sums, uint32_t four, vi weights) {
    const __m256i activations = _mm256_set1_epi32((int32_t)four);
    __m256i sum[2], weight[2];
    memcpy(sum, &sums, sizeof sum);
    memcpy(weight, &weights, sizeof weight);
#pragma clang loop unroll(full)
    for (int i = 0; i < 2; i++) sum[i] = _mm256_dpbusd_avx_epi32(sum[i], activations, weight[i]);
    memcpy(&sums, sum, sizeof sum);
    return sums;
}

/* Six rows have twelve registers of sums. They hide the latency of each addition, which is five cycles. */
#define ROWS 6
#define CENTRE 0
#include "matmul_q8.h"

const kernels kernels_avxvnni = {
    "avxvnni", quantize_rows, matmul_q8, matmul_f32, layer_norm, gelu, gelu_tanh, attention, add_scaled, lstm,
};

#pragma clang attribute pop
#endif
