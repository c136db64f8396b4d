// Names shared by the main process and the preload; the preload is bundled alone, so they live apart.
export const invokeChannel = 'tram:invoke';
export const eventChannel = 'tram:event';
