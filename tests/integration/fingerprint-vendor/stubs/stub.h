// What every stub library shares: a file that says how to behave, read anew at each call, and an invented picture.
// A stub has the exports of a maker's library and nothing of its insides: it shows that we call a C library of that
// shape rightly, and says nothing about the real one.
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define WIDTH 300
#define HEIGHT 400
#define DPI 500

// One line: `readers finger crash hang answer wait`, see support.ts.
struct behaviour {
  int readers;  // plugged in
  int finger;   // 0: nobody; n: a finger whose rings begin at n
  int crash;    // 1: in init; 2: when opened; 3: when looked at
  int hang;     // likewise
  int answer;   // what a look answers, when not 0
  int wait;     // ms of each look
};

static struct behaviour now(void) {
  struct behaviour b = {1, 0, 0, 0, 0, 5};
  const char *name = getenv("STUB_BEHAVIOUR");
  FILE *file = name ? fopen(name, "r") : NULL;
  if (file) {
    if (fscanf(file, "%d %d %d %d %d %d", &b.readers, &b.finger, &b.crash, &b.hang, &b.answer, &b.wait) != 6)
      b.readers = 0;
    fclose(file);
  }
  return b;
}

static struct behaviour at(int step) {
  struct behaviour b = now();
  if (b.crash == step) {
    volatile int *nowhere = NULL;
    *nowhere = 1;
  }
  while (b.hang == step) {
    pause();
    b = now();
  }
  return b;
}

// Rings around the middle, 9 pixels from ridge to ridge, as support.ts draws them.
static void draw(unsigned char *image, int finger) {
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++) {
      double dx = x - WIDTH / 2, dy = y - HEIGHT / 2;
      int ring = (int)floor(sqrt(dx * dx + dy * dy)) + finger;
      image[y * WIDTH + x] = ring % 9 < 4 ? 60 : 200;
    }
}
