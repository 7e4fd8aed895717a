/* Vectors of sixteen floats and the operations on them.
 *
 * This code is compiled once for each instruction set. If its registers hold fewer than sixteen floats, the compiler
 * splits the vectors. The results have the same bits everywhere because the order of every sum is that of reference.c.
 *
 * Before the first include, push the target attribute of the instruction set, and define NO_FMA if it has no fused
 * multiply-add.
 */
#ifndef PINSON_TRAINING_LANES_H
#define PINSON_TRAINING_LANES_H

#include "training.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))
#define LANES 16

typedef float vf __attribute__((vector_size(64), aligned(4)));
typedef double vd __attribute__((vector_size(128), aligned(8)));
typedef int32_t vi __attribute__((vector_size(64), aligned(4)));
typedef uint32_t vu __attribute__((vector_size(64), aligned(4)));
typedef uint64_t vw __attribute__((vector_size(128), aligned(8)));

INLINE vf splat(float x) { return (vf){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }
INLINE vf load(const float *p) { return *(const vf *)p; }
INLINE void store(float *p, vf x) { *(vf *)p = x; }

/* Loads at most sixteen floats. The other lanes are zero. */
INLINE vf load_some(const float *p, size_t count) {
    if (count >= LANES) return load(p);
    vf x = {0};
    memcpy(&x, p, count * 4);
    return x;
}
INLINE void store_some(float *p, vf x, size_t count) {
    if (count >= LANES) store(p, x);
    else memcpy(p, &x, count * 4);
}

INLINE vf choose(vi condition, vf a, vf b) { return (vf)((condition & (vi)a) | (~condition & (vi)b)); }
INLINE vf max_of(vf a, vf b) { return choose(a > b, a, b); }

/* a * b + c, rounded once. */
INLINE vf fma_of(vf a, vf b, vf c) {
#ifdef NO_FMA
    return __builtin_convertvector(
        __builtin_convertvector(a, vd) * __builtin_convertvector(b, vd) + __builtin_convertvector(c, vd), vf);
#else
    return __builtin_elementwise_fma(a, b, c);
#endif
}

/* The sum of all lanes, from the first to the last half, as a tree. */
INLINE float sum_of(vf x) {
    float lane[LANES];
    memcpy(lane, &x, sizeof lane);
    for (size_t half = LANES / 2; half > 0; half /= 2)
        for (size_t i = 0; i < half; i++) lane[i] += lane[i + half];
    return lane[0];
}

INLINE float max_in(vf x) {
    float lane[LANES];
    memcpy(lane, &x, sizeof lane);
    for (size_t half = LANES / 2; half > 0; half /= 2)
        for (size_t i = 0; i < half; i++) lane[i] = lane[i] > lane[i + half] ? lane[i] : lane[i + half];
    return lane[0];
}

/* e^x for x <= 0. Values below -87 count as -87, so the smallest result is 1.6e-38. reference.c describes the method. */
INLINE vf exp_of(vf x) {
    x = max_of(x, splat(-87));
    vf shift = splat(12582912.0f), n = fma_of(x, splat(1.44269504f), shift) - shift;
    vf r = fma_of(n, splat(-0.693145751953125f), x);
    r = fma_of(n, splat(-1.42860682030941723e-6f), r);
    vf p = splat(1.0f / 5040);
    p = fma_of(p, r, splat(1.0f / 720));
    p = fma_of(p, r, splat(1.0f / 120));
    p = fma_of(p, r, splat(1.0f / 24));
    p = fma_of(p, r, splat(1.0f / 6));
    p = fma_of(p, r, splat(0.5f));
    p = fma_of(p, r, splat(1));
    p = fma_of(p, r, splat(1));
    vi exponent = (__builtin_convertvector(n, vi) + 127) << 23;
    return p * (vf)exponent;
}

/* Phi(x), and e^(-x^2/2) in *bell. reference.c describes the method. */
INLINE vf normal_of(vf x, vf *bell) {
    vf size = choose(x < 0, -x, x);
    vf t = splat(1) / fma_of(size, splat(0.23164188829f), splat(1));
    vf p = splat(0.5307027145f);
    p = fma_of(p, t, splat(-0.7265760135f));
    p = fma_of(p, t, splat(0.7107068705f));
    p = fma_of(p, t, splat(-0.142248368f));
    p = fma_of(p, t, splat(0.127414796f));
    *bell = exp_of(x * x * splat(-0.5f));
    vf tail = p * t * *bell;
    return choose(x < 0, tail, splat(1) - tail);
}

#endif
