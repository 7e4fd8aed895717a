/* Fetches weights into the second-level cache before the loop that reads them, once, from first to last. */
#ifndef PINSON_PREFETCH_H
#define PINSON_PREFETCH_H

#include <stddef.h>
#include <stdint.h>

enum { page_size = 4096, pages_at_once = 8 };

/* The position of the next lines to fetch, one in each of eight pages.
 *
 * After a cache miss, the processor itself fetches some of the lines that follow, up to the end of the page. It does so
 * for several pages at a time, so eight pages are fetched in parallel. */
typedef struct { const char *lines; } prefetch;

/* Starts eight pages after the page of `start`. The loop that reads the weights fetches the first pages itself. */
static inline prefetch prefetch_after(const void *start) {
    return (prefetch){(const char *)((uintptr_t)start & -(uintptr_t)page_size) + pages_at_once * page_size};
}

/* Fetches eight lines, 512 bytes. Lines past the end of the weights do no harm, because a prefetch never faults. */
static inline __attribute__((always_inline)) void prefetch_lines(prefetch *p) {
#pragma clang loop unroll(full)
    for (int page = 0; page < pages_at_once; page++) __builtin_prefetch(p->lines + page * page_size, 0, 2);
    p->lines += 64;
    if ((uintptr_t)p->lines % page_size == 0) p->lines += (pages_at_once - 1) * page_size;
}

#endif
