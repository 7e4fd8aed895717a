/* Compares every instruction set of this CPU with the reference, bit for bit, and prints how many comparisons differ.
 * The tests build this program for another architecture and run it under an emulator. */
#include "CKernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 1;
static uint32_t next(void) {  /* the upper half of Knuth's MMIX generator */
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 32);
}
static void fill(float *x, size_t count, float amplitude) {
    for (size_t i = 0; i < count; i++) x[i] = ((float)(next() >> 8) / 8388608 - 1) * amplitude;
}
static float *floats(size_t count, float amplitude) {
    float *x = malloc((count + 1) * sizeof *x);
    fill(x, count, amplitude);
    return x;
}

static int comparisons, differences;
static void compare(const char *what, const void *a, const void *b, size_t size) {
    comparisons++;
    if (memcmp(a, b, size) == 0) return;
    differences++;
    printf("%s differs\n", what);
}

static kernels_q8_rows make_rows(size_t m, size_t k) {
    size_t stride = (k + 7) / 8 * 8;
    return (kernels_q8_rows){calloc(m, stride), calloc(m, 4), calloc(m, 4), m, stride};
}

/* Fills `data` with random packed weights, and `sum` with the sums that kernels_q8_weights documents. */
static void fill_weights(int8_t *data, int32_t *sum, size_t n, size_t k, size_t bits) {
    memset(sum, 0, n * 4);
    for (size_t i = 0; i < n * k * bits / 8; i++) {
        int32_t *s = sum + i / (2 * bits * k) * 16 + i % 64 / 4;
        if (bits == 8) {
            data[i] = (int8_t)((int)(next() % 255) - 127);
            *s += data[i];
        } else {
            int first = (int)(next() % 15) - 7, second = (int)(next() % 15) - 7;
            data[i] = (int8_t)(second * 16 | (first & 15));
            *s += 16 * (first + second);
        }
    }
}

static void compare_products(const kernels *fast, const kernels *reference, size_t m, size_t n, size_t k) {
    float *x = floats(m * k, 3), *bias = floats(n, 1), *scale = floats(n, 1);
    int8_t *data = malloc(n * k);
    int32_t *sum = calloc(n, 4);
    kernels_q8_rows a = make_rows(m, k), b = make_rows(m, k);
    reference->quantize_rows(&a, x, k, k);
    fast->quantize_rows(&b, x, k, k);
    compare("quantize_rows", a.q, b.q, m * a.stride);
    compare("quantize_rows, scales", a.scale, b.scale, m * 4);
    compare("quantize_rows, zeros", a.zero, b.zero, m * 4);
    float *one = floats(m * n, 1), *other = floats(m * n, 1);
    for (size_t bits = k % 8 == 0 ? 4 : 8; bits <= 8; bits += 4) {
        fill_weights(data, sum, n, k, bits);
        kernels_q8_weights w = {data, scale, sum, bias, n, k, bits};
        for (kernels_activation activation = kernels_identity; activation <= kernels_gelu; activation++) {
            reference->matmul_q8(one, n, &a, &w, activation);
            fast->matmul_q8(other, n, &a, &w, activation);
            compare("matmul_q8", one, other, m * n * 4);
        }
    }
    float *weights = floats(n * k, 1);
    reference->matmul_f32(one, n, x, k, weights, bias, m, n, k);
    fast->matmul_f32(other, n, x, k, weights, bias, m, n, k);
    compare("matmul_f32", one, other, m * n * 4);
}

static void compare_rows(const kernels *fast, const kernels *reference, size_t width) {
    float *a = floats(3 * width, 8), *b = malloc(3 * width * 4), *residual = floats(3 * width, 2);
    float *gain = floats(width, 1), *offset = floats(width, 1);
    memcpy(b, a, 3 * width * 4);
    reference->gelu(a, 3 * width);
    fast->gelu(b, 3 * width);
    compare("gelu", a, b, 3 * width * 4);
    reference->gelu_tanh(a, 3 * width);
    fast->gelu_tanh(b, 3 * width);
    compare("gelu_tanh", a, b, 3 * width * 4);
    reference->layer_norm(a, width, residual, width, gain, offset, 1e-12f, 3, width);
    fast->layer_norm(b, width, residual, width, gain, offset, 1e-12f, 3, width);
    compare("layer_norm", a, b, 3 * width * 4);
    int8_t *q = malloc(width);
    for (size_t i = 0; i < width; i++) q[i] = (int8_t)next();
    reference->add_scaled(a, q, 0.013f, residual, width);
    fast->add_scaled(b, q, 0.013f, residual, width);
    compare("add_scaled", a, b, width * 4);
}

static void compare_attention(const kernels *fast, const kernels *reference, size_t tokens, size_t head_dim) {
    size_t width = 2 * head_dim, count = tokens * width;
    float *q = floats(count, 3), *k = floats(count, 3), *v = floats(count, 1);
    float *a = floats(count, 1), *b = floats(count, 1);
    float *scratch = floats(kernels_attention_scratch(tokens, head_dim), 1);
    const size_t distances = 2 * tokens - 1;
    const float *biases[2] = {NULL, floats(2 * distances, 2) + tokens - 1};
    for (int i = 0; i < 2; i++) {
        reference->attention(a, width, q, width, k, v, width, tokens, tokens, 2, head_dim, biases[i], distances, scratch);
        fast->attention(b, width, q, width, k, v, width, tokens, tokens, 2, head_dim, biases[i], distances, scratch);
        compare("attention", a, b, count * 4);
    }
}

static void compare_lstm(const kernels *fast, const kernels *reference, size_t units) {
    const size_t m = 3, stride = 4 * units + 5;
    float *z = floats(m * stride, 6), *r = floats(m * stride, 3), *h[2], *c[2];
    for (int set = 0; set < 2; set++) {
        const kernels *k = set ? fast : reference;
        h[set] = calloc(m * units, 4);
        c[set] = calloc(m * units, 4);
        k->lstm(h[set], c[set], z, NULL, stride, m, units);
        k->lstm(h[set], c[set], z, r, stride, m, units);
    }
    compare("lstm, outputs", h[0], h[1], m * units * 4);
    compare("lstm, states", c[0], c[1], m * units * 4);
}

int main(void) {
    const kernels *reference = kernels_named("baseline");
    const char *name;
    for (size_t i = 0; (name = kernels_name(i)); i++) {
        const kernels *fast = kernels_named(name);
        if (!fast || fast == reference) continue;
        printf("%s\n", name);
        for (size_t m = 1; m <= 13; m++)
            for (size_t k = 4; k <= 64; k += 12) compare_products(fast, reference, m, 16 + m % 3 * 16, k);
        for (size_t width = 1; width <= 50; width++) compare_rows(fast, reference, width);
        for (size_t units = 1; units <= 40; units++) compare_lstm(fast, reference, units);
        for (size_t tokens = 1; tokens <= 34; tokens++)
            for (size_t head_dim = 8; head_dim <= 64; head_dim += 8)
                compare_attention(fast, reference, tokens, head_dim);
    }
    printf("%d comparisons, %d differ\n", comparisons, differences);
    return differences != 0;
}
