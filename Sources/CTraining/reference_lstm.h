/* The definition of long short-term memory (LSTM), in plain loops. reference.c includes it. */

/* 1 / (1 + e^-x). Adding x - x keeps a value that is not a number what it is. */
static float sigmoid(float x) {
    const float e = power(-(x < 0 ? -x : x)), share = 1 / (1 + e);
    return (x < 0 ? e * share : share) + (x - x);
}

/* tanh(x) = (1 - e^-2|x|) / (1 + e^-2|x|), with the sign of x. */
static float tangent(float x) {
    const float e = power(-2 * (x < 0 ? -x : x)), size = (1 - e) / (1 + e);
    return (x < 0 ? -size : size) + (x - x);
}

static void lstm(float *h, float *c, float *bent, float *gates, const float *c_before, size_t m, size_t units) {
    for (size_t row = 0; row < m; row++, gates += 4 * units)
        for (size_t u = 0; u < units; u++) {
            const size_t at = row * units + u;
            const float i = gates[u] = sigmoid(gates[u]), f = gates[units + u] = sigmoid(gates[units + u]);
            const float g = gates[2 * units + u] = tangent(gates[2 * units + u]);
            const float o = gates[3 * units + u] = sigmoid(gates[3 * units + u]);
            c[at] = fmaf(f, c_before ? c_before[at] : 0, i * g);
            bent[at] = tangent(c[at]);
            h[at] = o * bent[at];
        }
}

static void lstm_backward(float *gates, float *dc, const float *dh, const float *bent, const float *c_before, size_t m,
                          size_t units) {
    for (size_t row = 0; row < m; row++, gates += 4 * units)
        for (size_t u = 0; u < units; u++) {
            const size_t at = row * units + u;
            const float i = gates[u], f = gates[units + u], g = gates[2 * units + u], o = gates[3 * units + u];
            const float t = bent[at], total = fmaf(dh[at] * o, 1 - t * t, dc[at]);
            gates[u] = total * g * (i * (1 - i));
            gates[units + u] = total * (c_before ? c_before[at] : 0) * (f * (1 - f));
            gates[2 * units + u] = total * i * (1 - g * g);
            gates[3 * units + u] = dh[at] * t * (o * (1 - o));
            dc[at] = total * f;
        }
}
