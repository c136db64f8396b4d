// A file for the person's own folder, where the browser puts downloads.

/** `bytes`: base64. */
export function saveFile(bytes: string, name: string, type = 'application/pdf'): void {
  const data = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([data], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name.replaceAll(/[\\/:*?"<>|]/g, '_');
  link.click();
  // The browser reads it a moment later.
  setTimeout(() => URL.revokeObjectURL(address), keptMs);
}
const keptMs = 60_000;
