/* Vectors of sixteen floats and the operations on them.
 *
 * This code is compiled once for each instruction set. If its registers hold fewer than sixteen floats, the compiler
 * splits the vectors. The results have the same bits everywhere because the order of every sum is that of reference.c:
 * sixteen lanes side by side, then folded in halves. `fma_of` rounds a product and its sum together, once; every other
 * operation rounds its own result.
 *
 * Before the first include, push the target attribute of the instruction set, and define NO_FMA if it has no fused
 * multiply-add.
 */
#ifndef PINSON_VECTORS_H
#define PINSON_VECTORS_H

#include "kernels.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

/* Calling conventions for vectors differ, but every function that takes or returns a vector is inlined. */
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))
#define LANES 16

/* The types with an `aligned` attribute can be loaded from any element of an array. */
typedef float vf __attribute__((vector_size(64), aligned(4)));
typedef float vf8 __attribute__((vector_size(32)));
typedef float vf4 __attribute__((vector_size(16)));
typedef double vd __attribute__((vector_size(128)));
typedef int32_t vi __attribute__((vector_size(64), aligned(4)));
typedef uint8_t vb __attribute__((vector_size(16), aligned(1)));

/* Sets all lanes to x. Adding x to a zero vector would compile to an addition instead of a broadcast. */
INLINE vf splat(float x) { return (vf){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }

INLINE vf load(const float *p) { return *(const vf *)p; }
INLINE void store(float *p, vf x) { *(vf *)p = x; }

/* Loads the last `count` floats of a row, fewer than a vector. The other lanes are zero. */
INLINE vf load_some(const float *p, size_t count) {
    vf x = {0};
    memcpy(&x, p, count * 4);
    return x;
}
INLINE void store_some(float *p, vf x, size_t count) { memcpy(p, &x, count * 4); }

/* The smaller and the larger of two values. Each compiles to one minps or maxps; fmin and fmax also check for NaN. */
INLINE vf min_of(vf a, vf b) { return (vf)(((a < b) & (vi)a) | (~(a < b) & (vi)b)); }
INLINE vf max_of(vf a, vf b) { return (vf)(((a > b) & (vi)a) | (~(a > b) & (vi)b)); }

/* a * b + c. */
INLINE vf fma_of(vf a, vf b, vf c) {
#ifdef NO_FMA
    /* The product is exact in double precision. The sum is rounded twice, which changes about one result in 2^29. */
    return __builtin_convertvector(
        __builtin_convertvector(a, vd) * __builtin_convertvector(b, vd) + __builtin_convertvector(c, vd), vf);
#else
    return __builtin_elementwise_fma(a, b, c);
#endif
}

/* The sum of all lanes, folded in halves. */
INLINE float sum_of(vf x) {
    vf8 a = __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7) +
            __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15);
    vf4 b = __builtin_shufflevector(a, a, 0, 1, 2, 3) + __builtin_shufflevector(a, a, 4, 5, 6, 7);
    return (b[0] + b[2]) + (b[1] + b[3]);
}

/* The largest of all lanes. */
INLINE float max_in(vf x) {
    x = max_of(x, __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    x = max_of(x, __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
    x = max_of(x, __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
    return x[0] > x[1] ? x[0] : x[1];
}

/* The nearest integer, with ties to even, for |x| < 2^22. Adding 1.5 * 2^23 leaves no bits for a fraction. */
INLINE vf rounded(vf x) {
    vf shift = splat(12582912.0f), shifted = x + shift;
    return shifted - shift;
}

/* e^x for -87 <= x <= 0. reference.c describes the method. */
INLINE vf exp_of(vf x) {
    vf n = rounded(x * splat(1.44269504f));
    vf r = fma_of(n, splat(-0.693145751953125f), x);
    r = fma_of(n, splat(-1.42860682030941723e-6f), r);
    vf p = splat(1.0f / 5040);
    p = fma_of(p, r, splat(1.0f / 720));
    p = fma_of(p, r, splat(1.0f / 120));
    p = fma_of(p, r, splat(1.0f / 24));
    p = fma_of(p, r, splat(1.0f / 6));
    p = fma_of(p, r, splat(0.5f));
    p = fma_of(p, r, splat(1.0f));
    p = fma_of(p, r, splat(1.0f));
    vi exponent = (__builtin_convertvector(n, vi) + 127) << 23;
    return p * (vf)exponent;
}

/* x * Phi(x). reference.c describes the method. */
INLINE vf gelu_of(vf x) {
    vf c = min_of(max_of(x, splat(-5)), splat(5));
    vf t = fma_of(c * c, splat(0.08f), splat(-1));
    vf p = splat(-0.0010963715612888336f);
    p = fma_of(p, t, splat(0.0031944706570357084f));
    p = fma_of(p, t, splat(-0.0038868370465934277f));
    p = fma_of(p, t, splat(0.005113241728395224f));
    p = fma_of(p, t, splat(-0.010165480896830559f));
    p = fma_of(p, t, splat(0.01691015437245369f));
    p = fma_of(p, t, splat(-0.02362494356930256f));
    p = fma_of(p, t, splat(0.03135671839118004f));
    p = fma_of(p, t, splat(-0.040391985327005386f));
    p = fma_of(p, t, splat(0.05152539908885956f));
    p = fma_of(p, t, splat(-0.07029823213815689f));
    p = fma_of(p, t, splat(0.14136375486850739f));
    return x * fma_of(c, p, splat(0.5f));
}

/* 1 / (1 + e^-x). Adding x - x keeps a value that is not a number what it is. */
INLINE vf sigmoid_of(vf x) {
    vf e = exp_of(max_of(min_of(x, -x), splat(-87))), share = splat(1) / (splat(1) + e);
    return (vf)(((x < 0) & (vi)(e * share)) | (~(x < 0) & (vi)share)) + (x - x);
}

#endif
