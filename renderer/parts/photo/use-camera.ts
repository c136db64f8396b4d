// The camera while somebody looks at its picture, and not a moment longer: it goes off when the photo is taken, when the
// dialog closes and when the page locks.
import { type RefObject, useEffect, useRef, useState } from 'react';
import { type CameraFault, cameraFault } from './rules.ts';

export interface Camera {
  /** `starting`: the browser may be asking the person. */
  readonly now: 'off' | 'starting' | 'live' | CameraFault;
  readonly video: RefObject<HTMLVideoElement | null>;
  /** Those of this PC, when there are several to choose from. */
  readonly cameras: readonly { readonly id: string; readonly name: string }[];
  /** Which of them; '' before the browser has said. */
  readonly chosen: string;
}

/** A camera that is there and sends nothing, e.g. one with its shutter closed in the driver. */
const patienceMs = 10_000;

/** `wanted`: its id, '' for whichever the system has first; null: off. `attempt`: another number tries again. */
export function useCamera(wanted: string | null, attempt: number): Camera {
  const video = useRef<HTMLVideoElement | null>(null);
  const [now, setNow] = useState<Camera['now']>('off');
  const [cameras, setCameras] = useState<Camera['cameras']>([]);
  const [chosen, setChosen] = useState('');

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is another start
  useEffect(() => {
    if (wanted === null) {
      setNow('off');
      return;
    }
    let over = false;
    let stream: MediaStream | null = null;
    const end = (why: CameraFault) => {
      if (!over) setNow(why);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    const silence = setTimeout(() => end('silent'), patienceMs);
    setNow('starting');
    void open(wanted)
      .then(async (opened) => {
        stream = opened;
        if (over) return end('missing');
        const [track] = opened.getVideoTracks();
        // pulled out meanwhile
        track?.addEventListener('ended', () => end('missing'));
        setChosen(track?.getSettings().deviceId ?? '');
        const shown = video.current;
        if (!shown) return;
        shown.srcObject = opened;
        await shown.play();
        clearTimeout(silence);
        if (over) return;
        setNow('live');
        const found = await camerasHere();
        if (!over) setCameras(found);
      })
      .catch((error: unknown) => {
        clearTimeout(silence);
        end(cameraFault(error instanceof DOMException ? error.name : ''));
      });
    return () => {
      over = true;
      clearTimeout(silence);
      end('missing');
      if (video.current) video.current.srcObject = null;
    };
  }, [wanted, attempt]);

  return { now, video, cameras, chosen };
}

/** Rejects with a DOMException by whose name cameraFault tells why. */
async function open(id: string): Promise<MediaStream> {
  // Away from https: and this PC's own address there is no such thing.
  if (!navigator.mediaDevices) throw new DOMException('', 'NotFoundError');
  return navigator.mediaDevices.getUserMedia({
    audio: false,
    video: {
      ...(id === '' ? {} : { deviceId: { exact: id } }),
      width: { ideal: 1280 },
      height: { ideal: 960 },
    },
  });
}

async function camerasHere(): Promise<Camera['cameras']> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter(({ kind }) => kind === 'videoinput')
    .map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}
