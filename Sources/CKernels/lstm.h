/* The kernel of long short-term memory (LSTM). reference.c has the same steps in scalar form. */
#include "vectors.h"

INLINE vf tangent_of(vf x) {
    vf e = exp_of(max_of(splat(2) * min_of(x, -x), splat(-87))), size = (splat(1) - e) / (splat(1) + e);
    return (vf)(((x < 0) & (vi)-size) | (~(x < 0) & (vi)size)) + (x - x);
}

/* One step for at most sixteen units. */
INLINE void lstm_units(float *h, float *c, const float *z, const float *r, size_t units, size_t count) {
    vf sum[4], before;
#pragma clang loop unroll(full)
    for (size_t gate = 0; gate < 4; gate++) {
        sum[gate] = count < LANES ? load_some(z + gate * units, count) : load(z + gate * units);
        if (r) sum[gate] += count < LANES ? load_some(r + gate * units, count) : load(r + gate * units);
    }
    before = count < LANES ? load_some(c, count) : load(c);
    vf kept = sigmoid_of(sum[1]) * before;
    vf state = fma_of(sigmoid_of(sum[0]), tangent_of(sum[2]), kept), output = sigmoid_of(sum[3]) * tangent_of(state);
    if (count < LANES) {
        store_some(c, state, count);
        store_some(h, output, count);
    } else {
        store(c, state);
        store(h, output);
    }
}

static void lstm(float *h, float *c, const float *z, const float *r, size_t stride, size_t m, size_t units) {
    for (size_t row = 0; row < m; row++, h += units, c += units, z += stride) {
        for (size_t u = 0; u < units; u += LANES)
            lstm_units(h + u, c + u, z + u, r ? r + u : NULL, units, units - u < LANES ? units - u : LANES);
        if (r) r += stride;
    }
}
