/* SSE4.1: 12 sums of four floats, in tiles of 4 rows and 12 columns. A product and its sum are rounded in turn. */
#if defined(__x86_64__)
#define NO_FMA
#include "training.h"

#pragma clang attribute push(__attribute__((target("sse4.1"))), apply_to = function)

#include "attention.h"
#include "lstm.h"
#include "pack_f32.h"
#include "rows.h"
#include "table.h"

typedef float reg __attribute__((vector_size(16)));
#define WIDTH 4
#define VECTORS 3
#define ROWS 4
INLINE reg multiply_add(reg sum, uint32_t word, reg right) {
    const float x = float_of(word);
    const reg left = {x, x, x, x};
    return left * right + sum;
}
#include "product.h"

#define NAME "sse41"
TABLE(training_sse41);

#pragma clang attribute pop
#endif
