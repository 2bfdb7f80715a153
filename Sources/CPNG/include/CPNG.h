// PNG writing through libpng's simplified interface, without its header.
#ifndef CPNG_H
#define CPNG_H

#include <stdbool.h>
#include <stddef.h>

/// Encodes 8-bit grey (channels = 1) or RGB (channels = 3) rows into a malloc'd PNG.
///
/// Returns the bytes and sets `length`; returns NULL and copies libpng's message on failure. The
/// caller frees the result.
unsigned char *png_encode(const unsigned char *pixels, int width, int height, int channels,
                          size_t *length, char *message, size_t message_capacity);

#endif
