/* Fetches weights into the second-level cache ahead of the loop that reads them, once, from first to last. */
#include "kernels.h"

enum { page_size = 4096, pages_at_once = 8 };

/* Where the next lines are: one of each of eight pages. The processor follows the misses of one page on its own, some lines
 * ahead and to the end of the page; in eight pages it follows eight of them side by side. */
typedef struct { const char *lines; } prefetch;

/* For weights that are read from `start` on; the first pages of them are left to the loads themselves. */
static inline prefetch prefetch_behind(const void *start) {
    return (prefetch){(const char *)((uintptr_t)start & -(uintptr_t)page_size) + pages_at_once * page_size};
}

/* Eight lines, 512 bytes. Past the end of the weights is no harm: a prefetch does not fault. */
static inline __attribute__((always_inline)) void prefetch_lines(prefetch *p) {
#pragma clang loop unroll(full)
    for (int page = 0; page < pages_at_once; page++) __builtin_prefetch(p->lines + page * page_size, 0, 2);
    p->lines += 64;
    if ((uintptr_t)p->lines % page_size == 0) p->lines += (pages_at_once - 1) * page_size;
}
