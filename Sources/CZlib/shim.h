#include <zlib.h>

/* zlib defines deflateInit2 and inflateInit2 as macros, which Swift cannot import. */

/* Prepares `stream` for compression at `level`. */
static inline int czlib_deflate_init(z_stream *_Nonnull stream, int level, int window_bits) {
    return deflateInit2(stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
}

/* Prepares `stream` for inflation. */
static inline int czlib_inflate_init(z_stream *_Nonnull stream, int window_bits) {
    return inflateInit2(stream, window_bits);
}
