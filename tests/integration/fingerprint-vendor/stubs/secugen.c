// The exports of sgfplib that we call. DWORD is a long, as in its header on Linux.
#include "stub.h"
typedef unsigned long DWORD;

struct object { int index; };
struct info { DWORD id; unsigned char serial[16]; DWORD port, speed, width, height, contrast, brightness, gain, dpi, firmware; };

EXPORT DWORD SGFPM_Create(void **handle) { *handle = calloc(1, sizeof(struct object)); return 0; }
EXPORT DWORD SGFPM_Terminate(void *handle) { free(handle); return 0; }
EXPORT DWORD SGFPM_Init(void *handle, DWORD name) {
  if (!handle || name != 0xff) return 3;
  return at(1).readers > 0 ? 0 : 55;
}
EXPORT DWORD SGFPM_EnumerateDevice(void *handle, DWORD *count, void **list) {
  (void)handle;
  *count = now().readers;
  *list = NULL;
  return 0;
}
EXPORT DWORD SGFPM_OpenDevice(void *handle, DWORD id) {
  if ((int)id >= at(2).readers) return 55;
  ((struct object *)handle)->index = id;
  return 0;
}
EXPORT DWORD SGFPM_CloseDevice(void *handle) { (void)handle; return 0; }
EXPORT DWORD SGFPM_GetDeviceInfo(void *handle, struct info *info) {
  memset(info, 0, sizeof *info);
  info->id = ((struct object *)handle)->index;
  info->width = WIDTH;
  info->height = HEIGHT;
  info->dpi = DPI;
  return 0;
}
EXPORT DWORD SGFPM_GetImageEx(void *handle, unsigned char *image, DWORD ms, void *window, DWORD quality) {
  struct behaviour b = at(3);
  int index = ((struct object *)handle)->index;
  (void)window;
  usleep((b.wait < (int)ms ? b.wait : (int)ms) * 1000);
  if (index >= b.readers) return 2;
  if (b.answer) return b.answer;
  if (!b.finger || quality > 100) return 54;
  draw(image, b.finger + index);
  return 0;
}
