// The exports of ftrScanAPI that we call. Readers sit on the even interfaces.
#include "stub.h"

static uint32_t last;
static int handles[128];

EXPORT int ftrScanGetInterfaces(int *list) {
  int readers = at(1).readers;
  for (int i = 0; i < 128; i++) list[i] = i % 2 == 0 && i / 2 < readers ? 0 : 1;
  return 1;
}
EXPORT void *ftrScanOpenDeviceOnInterface(int number) {
  if (number % 2 || number / 2 >= at(2).readers) { last = 259; return NULL; }
  return &handles[number];
}
EXPORT void ftrScanCloseDevice(void *device) { (void)device; }
EXPORT int ftrScanGetImageSize(void *device, int *size) {
  size[0] = WIDTH; size[1] = HEIGHT; size[2] = WIDTH * HEIGHT;
  return device != NULL;
}
EXPORT int ftrScanIsFingerPresent(void *device, void *parameters) {
  (void)parameters;
  struct behaviour b = at(3);
  usleep(b.wait * 1000);
  if (((int *)device - handles) / 2 >= b.readers) { last = 1167; return 0; }
  last = b.answer ? (uint32_t)b.answer : b.finger ? 0 : 4306;
  return b.finger && !b.answer;
}
EXPORT int ftrScanGetFrame(void *device, unsigned char *image, void *parameters) {
  (void)parameters;
  draw(image, now().finger + ((int *)device - handles) / 2);
  last = 0;
  return 1;
}
EXPORT uint32_t ftrScanGetLastError(void) { return last; }
