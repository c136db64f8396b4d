// The exports of libzkfp that we call.
#include "stub.h"
#include <sys/prctl.h>

static int handles[8];

EXPORT int ZKFPM_Init(void) {
  const char *name = getenv("STUB_REPORT");
  FILE *report = name ? fopen(name, "w") : NULL;
  if (report) {
    fprintf(report, "dumpable %d\n", prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
    fclose(report);
  }
  at(1);
  return 0;
}
EXPORT int ZKFPM_Terminate(void) { return 0; }
EXPORT int ZKFPM_GetDeviceCount(void) { return now().readers; }
EXPORT void *ZKFPM_OpenDevice(int index) {
  if (index >= at(2).readers) return NULL;
  return &handles[index];
}
EXPORT int ZKFPM_CloseDevice(void *device) { return device ? 0 : -7; }
EXPORT int ZKFPM_GetParameters(void *device, int code, unsigned char *value, unsigned int *bytes) {
  int values[] = {0, WIDTH, HEIGHT, DPI};
  if (!device || code < 1 || code > 3 || *bytes < 4) return -5;
  memcpy(value, &values[code], 4);
  *bytes = 4;
  return 0;
}
EXPORT int ZKFPM_AcquireFingerprintImage(void *device, unsigned char *image, unsigned int bytes) {
  struct behaviour b = at(3);
  usleep(b.wait * 1000);
  int index = (int *)device - handles;
  if (index >= b.readers) return -8;
  if (b.answer) return b.answer;
  if (!b.finger) return -8;
  if (bytes < WIDTH * HEIGHT) return -5;
  draw(image, b.finger + index);
  return 0;
}
