/* The kernels of long short-term memory (LSTM). reference_lstm.h defines their bits. */
#include "lanes.h"

INLINE vf sigmoid_of(vf x) {
    vf e = exp_of(-choose(x < 0, -x, x)), share = splat(1) / (splat(1) + e);
    return choose(x < 0, e * share, share) + (x - x);
}

INLINE vf tangent_of(vf x) {
    vf e = exp_of(splat(-2) * choose(x < 0, -x, x)), size = (splat(1) - e) / (splat(1) + e);
    return choose(x < 0, -size, size) + (x - x);
}

static void lstm(float *h, float *c, float *bent, float *gates, const float *c_before, size_t m, size_t units) {
    for (size_t row = 0; row < m; row++, gates += 4 * units)
        for (size_t u = 0; u < units; u += LANES) {
            const size_t at = row * units + u, rest = units - u;
            float *gate = gates + u;
            vf i = sigmoid_of(load_some(gate, rest)), f = sigmoid_of(load_some(gate + units, rest));
            vf g = tangent_of(load_some(gate + 2 * units, rest)), o = sigmoid_of(load_some(gate + 3 * units, rest));
            vf before = c_before ? load_some(c_before + at, rest) : splat(0);
            vf state = fma_of(f, before, i * g), curved = tangent_of(state);
            store_some(gate, i, rest);
            store_some(gate + units, f, rest);
            store_some(gate + 2 * units, g, rest);
            store_some(gate + 3 * units, o, rest);
            store_some(c + at, state, rest);
            store_some(bent + at, curved, rest);
            store_some(h + at, o * curved, rest);
        }
}

static void lstm_backward(float *gates, float *dc, const float *dh, const float *bent, const float *c_before, size_t m,
                          size_t units) {
    const vf one = splat(1);
    for (size_t row = 0; row < m; row++, gates += 4 * units)
        for (size_t u = 0; u < units; u += LANES) {
            const size_t at = row * units + u, rest = units - u;
            float *gate = gates + u;
            vf i = load_some(gate, rest), f = load_some(gate + units, rest), g = load_some(gate + 2 * units, rest);
            vf o = load_some(gate + 3 * units, rest), t = load_some(bent + at, rest), d = load_some(dh + at, rest);
            vf before = c_before ? load_some(c_before + at, rest) : splat(0);
            vf total = fma_of(d * o, one - t * t, load_some(dc + at, rest));
            store_some(gate, total * g * (i * (one - i)), rest);
            store_some(gate + units, total * before * (f * (one - f)), rest);
            store_some(gate + 2 * units, total * i * (one - g * g), rest);
            store_some(gate + 3 * units, d * t * (o * (one - o)), rest);
            store_some(dc + at, total * f, rest);
        }
}
