/* matmul_q8 over tiles of sixteen outputs: the includer defines ROWS, at most 4, and `tile` for 1...ROWS rows. */
#define TILE(rows) case rows: tile(rows, o, out_stride, q, a->stride, a->scale + m, a->zero + m, w, n); break

static void matmul_q8(float *out, size_t out_stride, const kernels_q8_rows *a, const kernels_q8_weights *w) {
    for (size_t n = 0; n < w->n; n += 16)
        for (size_t m = 0; m < a->m; m += ROWS) {
            float *o = out + m * out_stride;
            const uint8_t *q = a->q + m * a->stride;
            switch (a->m - m) {
                TILE(1);
#if ROWS > 2
                TILE(2);
                TILE(3);
#endif
                default:
                TILE(ROWS);
            }
        }
}

#undef TILE
