/* matmul_q8 over tiles of sixteen outputs: the includer defines ROWS, 2, 4 or 6, and `tile` for 1...ROWS rows. */
INLINE void products(const size_t bits, float *out, size_t out_stride, const kernels_q8_rows *a, const kernels_q8_weights *w,
                     kernels_activation activation) {
    const size_t rows = even_rows(a->m, ROWS);
    prefetch ahead = prefetch_behind(w->data);
    for (size_t n = 0; n < w->n; n += 16)
        for (size_t m = 0; m < a->m; m += rows) {
            prefetch *fetch = m == 0 ? &ahead : NULL;
            float *o = out + m * out_stride;
            const uint8_t *q = a->q + m * a->stride;
            switch (a->m - m < rows ? a->m - m : rows) {
#define TILE(rows) case rows: tile(rows, bits, o, out_stride, q, a->stride, a->scale + m, a->zero + m, w, n, fetch); \
                              activate(activation, o + n, out_stride, rows, 16); break
                TILE(1);
                TILE(2);
#if ROWS > 2
                TILE(3);
                TILE(4);
#endif
#if ROWS > 4
                TILE(5);
                TILE(6);
#endif
#undef TILE
            }
        }
}

static void matmul_q8(float *out, size_t out_stride, const kernels_q8_rows *a, const kernels_q8_weights *w,
                      kernels_activation activation) {
    if (w->bits == 8) products(8, out, out_stride, a, w, activation);
    else products(4, out, out_stride, a, w, activation);
}
