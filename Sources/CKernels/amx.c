/* AMX (advanced matrix extensions): tdpbusd multiplies 16 x 64 uint8 by 64 x 16 int8 into 16 x 16 int32, which is 16384
 * products in one instruction.
 *
 * Packed weights need no conversion: 64 inputs of sixteen outputs are 16 rows of 64 bytes, exactly one tile. The float
 * kernels use AVX-512. Products whose inputs do not fill whole tiles use the kernel for AVX-512 VNNI.
 */
#if defined(__x86_64__)
#include "kernels.h"
#include "prefetch.h"

#include <immintrin.h>

#pragma clang attribute push(                                                                                   \
    __attribute__((target("amx-tile,amx-int8,avx512f,avx512bw,avx512vl,avx512dq,fma"), min_vector_width(512))), \
    apply_to = function)

#define QUERIES 6
#define SUMS 2
#include "attention.h"
#include "elementwise.h"
#include "lstm.h"
#include "matmul_f32.h"
#include "tile.h"

/* The operand of ldtilecfg. Source: Intel Software Developer's Manual, volume 1, section 18.3.3, palette 1. */
typedef struct {
    uint8_t palette, start_row, reserved[14];
    uint16_t bytes[16];   /* the bytes of a row, for each tile */
    uint8_t rows[16];
} tile_shapes;

/* Gives every tile of sums and of activations `rows` rows.
 *
 * Tiles 0...3 hold sums, for two tiles of rows by two panels of outputs. Tiles 4 and 5 hold rows of activations, and
 * tiles 6 and 7 hold weights. */
INLINE void configure(size_t rows) {
    tile_shapes shapes = {.palette = 1};
    for (int t = 0; t < 8; t++) {
        shapes.bytes[t] = 64;
        shapes.rows[t] = t < 6 ? (uint8_t)rows : 16;
    }
    _tile_loadconfig(&shapes);
}

/* The outputs of one or two tiles of rows by one or two panels of sixteen columns.
 *
 * The sums of a block become outputs while the tiles multiply the next block, so two units of the processor work at the
 * same time. */
typedef struct {
    int32_t sums[2][16][32] __attribute__((aligned(64)));   /* tile of rows, row, column */
    size_t row[2];                                          /* the first row of each tile */
    size_t rows;                                            /* the number of rows of each tile */
    size_t column;
    int panels;
    size_t left;                                            /* the rows of both tiles that are still sums */
} block;

/* The arguments of matmul_q8. */
typedef struct {
    float *out;
    size_t out_stride;
    const kernels_q8_rows *a;
    const kernels_q8_weights *w;
    kernels_activation activation;
} product;

/* Turns up to `rows` rows of sums into outputs. */
INLINE void finish(block *b, size_t rows, const product *p) {
    while (b->left > 0 && rows > 0) {
        /* These rows belong to one tile. The last rows of a block come first. */
        const size_t tile = b->left > b->rows, rest = b->left - tile * b->rows, count = rest < rows ? rest : rows;
        const size_t first = rest - count, row = b->row[tile] + first;
        float *out = p->out + row * p->out_stride;
        for (int panel = 0; panel < b->panels; panel++)
            for (size_t r = 0; r < count; r++)
                store_outputs(out + r * p->out_stride, b->sums[tile][first + r] + 16 * panel, p->a->scale[row + r],
                              p->a->zero[row + r], p->w, b->column + 16 * (size_t)panel);
        activate(p->activation, out + b->column, p->out_stride, count, 16 * (size_t)b->panels);
        b->left -= count;
        rows -= count;
    }
}

/* Unpacks weights of 4 bits into a tile: 64 inputs of sixteen outputs. */
INLINE void unpack(int8_t *tile, const int8_t *data) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) *(vi *)(tile + 64 * i) = weights_of(4, data + i / 2 * 64, i % 2 * 4);
}

/* Computes the sums of a new block and finishes the outputs of the previous block, which `b` holds on entry.
 * Prefetches `fetches` times 512 bytes of weights every 64 inputs. */
INLINE void multiply(const int tiles, const int panels, const size_t bits, block *b, const size_t row[2], size_t column,
                     size_t fetches, prefetch *ahead, const product *p) {
    const kernels_q8_rows *a = p->a;
    /* Eight rows of outputs are finished every 64 inputs, or more if that is needed to finish all of them in time. */
    const size_t k_end = p->w->k, even = (b->left * 64 + k_end - 1) / k_end, share = even > 8 ? even : 8;
    const uint8_t *q[2] = {a->q + row[0] * a->stride, a->q + row[tiles - 1] * a->stride};
    const size_t panel = k_end * 2 * bits;   /* the bytes of a panel */
    const int8_t *data[2] = {p->w->data + column / 16 * panel, p->w->data + (column / 16 + (size_t)panels - 1) * panel};
    int8_t unpacked[2][2][1024] __attribute__((aligned(64)));   /* for these 64 inputs and for the next */
    if (bits == 4)
        for (int i = 0; i < panels; i++) unpack(unpacked[0][i], data[i]);
    _tile_zero(0);
    if (panels > 1) _tile_zero(1);
    if (tiles > 1) _tile_zero(2);
    if (tiles > 1 && panels > 1) _tile_zero(3);
    for (size_t k = 0; k < k_end; k += 64) {
        const size_t now = k / 64 % 2;
        _tile_loadd(4, q[0] + k, a->stride);
        _tile_loadd(6, bits == 4 ? unpacked[now][0] : data[0] + k * 16, 64);
        _tile_dpbusd(0, 4, 6);
        if (panels > 1) {
            _tile_loadd(7, bits == 4 ? unpacked[now][1] : data[1] + k * 16, 64);
            _tile_dpbusd(1, 4, 7);
        }
        if (tiles > 1) {
            _tile_loadd(5, q[1] + k, a->stride);
            _tile_dpbusd(2, 5, 6);
            if (panels > 1) _tile_dpbusd(3, 5, 7);
        }
        for (size_t i = 0; i < fetches; i++) prefetch_lines(ahead);
        if (bits == 4 && k + 64 < k_end)
            for (int i = 0; i < panels; i++) unpack(unpacked[1 - now][i], data[i] + (k + 64) * 8);
        finish(b, share, p);
    }
    _tile_stored(0, b->sums[0][0], 128);
    if (panels > 1) _tile_stored(1, b->sums[0][0] + 16, 128);
    if (tiles > 1) _tile_stored(2, b->sums[1][0], 128);
    if (tiles > 1 && panels > 1) _tile_stored(3, b->sums[1][0] + 16, 128);
    b->row[0] = row[0];
    b->row[1] = row[tiles - 1];
    b->column = column;
    b->panels = panels;
    b->left = (size_t)tiles * b->rows;
}

/* matmul_q8 for one number of bits. */
INLINE void products(const size_t bits, const product *p) {
    /* Every tile has the same number of rows, so the last tile may overlap the one before it. */
    const size_t m = p->a->m, tiles = (m + 15) / 16, rows = even_rows(m, 16), pairs = (tiles + 1) / 2;
    const size_t lines = bits / 2;   /* times 512 bytes: 64 inputs of 32 outputs */
    configure(rows);
    prefetch ahead = prefetch_after(p->w->data);
    block b = {.rows = rows, .left = 0};
    for (size_t n = 0; n < p->w->n; n += 32)
        for (size_t pair = 0; pair < pairs; pair++) {
            size_t row[2];
            for (size_t i = 0, tile = 2 * pair; i < 2; i++, tile++)
                row[i] = (tile + 1) * rows <= m ? tile * rows : m - rows;
            const size_t fetches = lines * (pair + 1) / pairs - lines * pair / pairs;   /* `lines` over all pairs */
            const int two_tiles = 2 * pair + 1 < tiles, two_panels = p->w->n - n >= 32;
            if (two_tiles && two_panels) multiply(2, 2, bits, &b, row, n, fetches, &ahead, p);
            else if (two_tiles) multiply(2, 1, bits, &b, row, n, fetches, &ahead, p);
            else if (two_panels) multiply(1, 2, bits, &b, row, n, fetches, &ahead, p);
            else multiply(1, 1, bits, &b, row, n, fetches, &ahead, p);
        }
    finish(&b, b.left, p);
    _tile_release();
}

static void matmul_q8(float *out, size_t out_stride, const kernels_q8_rows *a, const kernels_q8_weights *w,
                      kernels_activation activation) {
    if (w->k % 64 != 0) return kernels_avx512vnni.matmul_q8(out, out_stride, a, w, activation);
    const product p = {out, out_stride, a, w, activation};
    if (w->bits == 8) products(8, &p);
    else products(4, &p);
}

const kernels kernels_amx = {
    "amx", quantize_rows, matmul_q8, matmul_f32, layer_norm, gelu, gelu_tanh, attention, add_scaled, lstm,
};

#pragma clang attribute pop
#endif
