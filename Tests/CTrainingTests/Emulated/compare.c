/* Compares every training kernel of the fastest float32 set of this architecture with its definition, bit for bit. */
#include "CTraining.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t state = 1;
static float number(void) {
    state = state * 1664525u + 1013904223u;
    return (float)(int32_t)state * 0x1p-31f;
}

static float *numbers(size_t count) {
    float *x = malloc(count * 4);
    for (size_t i = 0; i < count; i++) x[i] = number();
    return x;
}

static int compared, differing;
static void compare(const char *what, size_t size, const float *a, const float *b, size_t count) {
    compared++;
    if (memcmp(a, b, count * 4) == 0) return;
    differing++;
    printf("%s of %zu differs\n", what, size);
}

static void compare_products(const training_kernels *sets[2], size_t m, size_t n, size_t k) {
    float *x = numbers(m * k), *w = numbers(n * k), *bias = numbers(n);
    for (int form = 0; form < 3; form++) {
        float *out[2] = {numbers(m * n), numbers(m * n)};
        for (int s = 0; s < 2; s++) {
            uint32_t *left = malloc((m + 47) / 48 * 48 * k * 4), *right = malloc((n + 47) / 48 * 48 * k * 4);
            if (form < 2) sets[s]->pack_rows(left, x, k, m, k);
            else sets[s]->pack_columns(left, x, m, k, m);
            if (form == 0) sets[s]->pack_transposed(right, w, k, k, n);
            else sets[s]->pack_columns(right, w, n, k, n);
            sets[s]->multiply(out[s], n, left, form < 2 ? training_left_rows : training_left_columns, right, bias, 0, m,
                              n, k);
            free(left);
            free(right);
        }
        compare("a product", m, out[0], out[1], m * n);
        free(out[0]);
        free(out[1]);
    }
    free(x);
    free(w);
    free(bias);
}

static void compare_rows(const training_kernels *sets[2], size_t width) {
    const size_t m = 3, count = m * width;
    float *x = numbers(count), *dy = numbers(count), *gain = numbers(width), *offset = numbers(width);
    float *results[2];
    for (int s = 0; s < 2; s++) {
        float *r = results[s] = calloc(12 * count, 4);
        const training_kernels *k = sets[s];
        k->layer_norm(r, r + count, r + 2 * count, x, gain, offset, 1e-12f, m, width);
        k->layer_norm_backward(r + 3 * count, r + 4 * count, r + 5 * count, dy, r + count, r + 2 * count, gain, m, width);
        k->gelu(r + 6 * count, x, count);
        memcpy(r + 7 * count, dy, count * 4);
        k->gelu_backward(r + 7 * count, x, count);
        memcpy(r + 8 * count, x, count * 4);
        const training_dropout dropout = {{1, 2}, 3, 4, 5, 1u << 30, 1.25f};
        k->drop(r + 8 * count, count, &dropout);
        memcpy(r + 9 * count, x, count * 4);
        const float beta[4] = {0.9f, 0.1f, 0.999f, 0.001f};
        const training_step steps[2] = {{0.99f, 0.01f, 2}, {0.98f, 0.02f, 1}};
        k->adamw(r + 9 * count, r + 10 * count, r + 11 * count, dy, 0.5f, beta, 1e-8f, steps, 2, count);
        k->add_rows(r + 10 * count, x, width, m, width);
    }
    compare("a row", width, results[0], results[1], 12 * count);
    for (int s = 0; s < 2; s++) free(results[s]);
    free(x);
    free(dy);
    free(gain);
    free(offset);
}

static void compare_samples(const training_kernels *sets[2], size_t width) {
    enum { words = 9, count = 6 };
    const int32_t rows[count] = {3, 0, 8, 3, 5, 0};
    float logistic[training_logistic_count];
    for (int i = 0; i < training_logistic_count; i++) logistic[i] = (float)i / training_logistic_count;
    float *x = numbers(width), *table = numbers(words * width);
    float *results[2];
    for (int s = 0; s < 2; s++) {
        float *r = results[s] = calloc((words + 1) * width, 4);
        memcpy(r + width, table, words * width * 4);
        for (int step = 0; step < 3; step++) sets[s]->sample(r, r + width, x, rows, count, logistic, 0.5f, width);
    }
    compare("samples", width, results[0], results[1], (words + 1) * width);
    for (int s = 0; s < 2; s++) free(results[s]);
    free(x);
    free(table);
}

static void compare_attention(const training_kernels *sets[2], size_t tokens, size_t head_dim) {
    const size_t width = 2 * head_dim, square = 2 * tokens * training_padded(tokens);
    float *qkv = numbers(3 * tokens * width), *dy = numbers(tokens * width), *mask = numbers(square);
    float *results[2];
    for (int s = 0; s < 2; s++) {
        float *r = results[s] = calloc(4 * tokens * width + square, 4);
        float *scratch = malloc(4 * training_attention_scratch(tokens, head_dim));
        float *p = r + 4 * tokens * width;
        sets[s]->attention(r, width, p, mask, qkv, 3 * width, tokens, 2, head_dim, scratch);
        sets[s]->attention_backward(r + tokens * width, dy, width, p, mask, qkv, 3 * width, tokens, 2, head_dim, scratch);
        free(scratch);
    }
    compare("attention", tokens, results[0], results[1], 4 * tokens * width + square);
    for (int s = 0; s < 2; s++) free(results[s]);
    free(qkv);
    free(dy);
    free(mask);
}

static void compare_lstm(const training_kernels *sets[2], size_t units) {
    const size_t m = 3, count = m * units;
    float *sums = numbers(4 * count), *before = numbers(count), *dh = numbers(count), *results[2];
    for (int s = 0; s < 2; s++) {
        float *r = results[s] = calloc(12 * count, 4), *gates = r + 8 * count;
        for (int step = 0; step < 2; step++) {
            const float *c_before = step ? before : NULL;
            memcpy(gates, sums, 16 * count);
            sets[s]->lstm(r, r + count, r + 2 * count, gates, c_before, m, units);
            if (step) memcpy(r + 4 * count, gates, 16 * count);
            sets[s]->lstm_backward(gates, r + 3 * count, dh, r + 2 * count, c_before, m, units);
        }
    }
    compare("a step of LSTM", units, results[0], results[1], 12 * count);
    for (int s = 0; s < 2; s++) free(results[s]);
    free(sums);
    free(before);
    free(dh);
}

int main(int argc, char **argv) {
    const training_kernels *sets[2] = {training_kernels_named(argc > 1 ? argv[1] : "neon"),
                                       training_kernels_named("baseline")};
    if (!sets[0]) return printf("no such kernels\n"), 2;
    printf("%s\n", sets[0]->name);
    const size_t sizes[] = {1, 7, 8, 9, 16, 47, 48, 49, 65};
    for (size_t i = 0; i < 9; i++)
        for (size_t j = 0; j < 9; j++) compare_products(sets, sizes[i], sizes[j], sizes[8 - i]);
    for (size_t width = 1; width <= 40; width++) compare_rows(sets, width);
    for (size_t units = 1; units <= 40; units++) compare_lstm(sets, units);
    for (size_t tokens = 1; tokens <= 35; tokens += 2) compare_attention(sets, tokens, tokens % 4 == 1 ? 10 : 32);
    for (size_t width = 16; width <= 128; width += 16) compare_samples(sets, width);
    printf("%d comparisons, %d differ\n", compared, differing);
    return differing != 0;
}
