// The exports of UFScanner that we call.
#include "stub.h"

static int handles[8];
static int timeouts[8];
static int indexOf(void *scanner) { return (int *)scanner - handles; }

EXPORT int UFS_Init(void) { at(1); return 0; }
EXPORT int UFS_Update(void) { return 0; }
EXPORT int UFS_Uninit(void) { return 0; }
EXPORT int UFS_GetScannerNumber(int *number) { *number = now().readers; return 0; }
EXPORT int UFS_GetScannerHandle(int index, void **handle) {
  if (index >= at(2).readers) return -203;
  *handle = &handles[index];
  return 0;
}
EXPORT int UFS_SetParameter(void *scanner, int parameter, void *value) {
  if (parameter != 201) return -112;
  timeouts[indexOf(scanner)] = *(int *)value;
  return 0;
}
EXPORT int UFS_IsSensorOn(void *scanner, int *on) { *on = indexOf(scanner) < now().readers; return 0; }
EXPORT int UFS_CaptureSingleImage(void *scanner) {
  struct behaviour b = at(3);
  int most = timeouts[indexOf(scanner)];
  usleep((b.wait < most ? b.wait : most) * 1000);
  if (b.answer) return b.answer;
  return b.finger && indexOf(scanner) < b.readers ? 0 : -212;
}
EXPORT int UFS_GetCaptureImageBufferInfo(void *scanner, int *width, int *height, int *dpi) {
  (void)scanner;
  *width = WIDTH; *height = HEIGHT; *dpi = DPI;
  return 0;
}
EXPORT int UFS_GetCaptureImageBuffer(void *scanner, unsigned char *image) {
  draw(image, now().finger + indexOf(scanner));
  return 0;
}
EXPORT int UFS_ClearCaptureImageBuffer(void *scanner) { (void)scanner; return 0; }
