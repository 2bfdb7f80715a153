#include "CPNG.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

static void copy_message(const png_image *image, char *message, size_t capacity) {
  if (capacity == 0) return;
  strncpy(message, image->message, capacity - 1);
  message[capacity - 1] = '\0';
}

unsigned char *png_encode(const unsigned char *pixels, int width, int height, int channels,
                          size_t *length, char *message, size_t message_capacity) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = (png_uint_32)width;
  image.height = (png_uint_32)height;
  image.format = channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;

  png_alloc_size_t needed = 0;
  if (!png_image_write_to_memory(&image, NULL, &needed, 0, pixels, 0, NULL)) {
    copy_message(&image, message, message_capacity);
    return NULL;
  }
  unsigned char *encoded = malloc(needed);
  if (encoded == NULL) return NULL;
  if (!png_image_write_to_memory(&image, encoded, &needed, 0, pixels, 0, NULL)) {
    copy_message(&image, message, message_capacity);
    free(encoded);
    return NULL;
  }
  *length = needed;
  return encoded;
}
