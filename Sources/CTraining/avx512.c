/* AVX-512: 24 sums of sixteen floats, in tiles of 8 rows and 48 columns. */
#if defined(__x86_64__)
#include "training.h"

#pragma clang attribute push(                                                                            \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma"), min_vector_width(512))),       \
    apply_to = function)

#include "attention.h"
#include "lstm.h"
#include "pack_f32.h"
#include "rows.h"
#include "table.h"

typedef float reg __attribute__((vector_size(64)));
#define WIDTH 16
#define VECTORS 3
#define ROWS 8
INLINE reg multiply_add(reg sum, uint32_t word, reg right) {
    const float x = float_of(word);
    const reg left = {x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
    return __builtin_elementwise_fma(left, right, sum);
}
#include "product.h"

#define NAME "avx512"
TABLE(training_avx512);

#pragma clang attribute pop
#endif
