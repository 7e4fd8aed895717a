/* AVX2 with fused multiply-add: 12 sums of eight floats, in tiles of 6 rows and 16 columns. */
#if defined(__x86_64__)
#include "training.h"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#include "attention.h"
#include "lstm.h"
#include "pack_f32.h"
#include "rows.h"
#include "table.h"

typedef float reg __attribute__((vector_size(32)));
#define WIDTH 8
#define VECTORS 2
#define ROWS 6
INLINE reg multiply_add(reg sum, uint32_t word, reg right) {
    const float x = float_of(word);
    const reg left = {x, x, x, x, x, x, x, x};
    return __builtin_elementwise_fma(left, right, sum);
}
#include "product.h"

#define NAME "avx2"
TABLE(training_avx2);

#pragma clang attribute pop
#endif
