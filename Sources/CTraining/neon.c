/* NEON: 24 sums of four floats, in tiles of 8 rows and 12 columns. */
#if defined(__aarch64__)
#include "training.h"

#include "attention.h"
#include "lstm.h"
#include "pack_f32.h"
#include "rows.h"
#include "table.h"

typedef float reg __attribute__((vector_size(16)));
#define WIDTH 4
#define VECTORS 3
#define ROWS 8
INLINE reg multiply_add(reg sum, uint32_t word, reg right) {
    const float x = float_of(word);
    const reg left = {x, x, x, x};
    return __builtin_elementwise_fma(left, right, sum);
}
#include "product.h"

#define NAME "neon"
TABLE(training_neon);
#endif
