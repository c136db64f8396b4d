// Who is on the USB bus, by vendor id, through libusb, which sees a device whatever driver owns it. Makers' libraries
// tell nobody that a reader was plugged in. Where the package does not load nothing is seen, and nothing else is lost.
import type { Device } from 'usb';
import type { Log } from '../../../store/room.ts';

export interface UsbBus {
  vendorIds(): Promise<readonly number[]>;
  /** Something of this vendor was plugged in or out. Keeps no program running. Answers how to stop. */
  watch(listener: (vendorId: number) => void): () => void;
}

export function openUsbBus(log: Log): UsbBus {
  return {
    async vendorIds() {
      try {
        const { usb } = await import('usb');
        return usb.getDeviceList().map((device) => device.deviceDescriptor.idVendor);
      } catch (error) {
        log('warn', 'the USB bus cannot be listed', { error });
        return [];
      }
    },
    watch(listener) {
      let stop = (): void => {};
      let stopped = false;
      const seen = (device: Device): void => listener(device.deviceDescriptor.idVendor);
      const start = async (): Promise<void> => {
        const { usb } = await import('usb');
        if (stopped) return;
        usb.on('attach', seen);
        usb.on('detach', seen);
        usb.unrefHotplugEvents();
        stop = () => {
          usb.off('attach', seen);
          usb.off('detach', seen);
        };
      };
      start().catch((error: unknown) => log('warn', 'plugging in and out of USB goes unseen', { error }));
      return () => {
        stopped = true;
        stop();
      };
    },
  };
}
