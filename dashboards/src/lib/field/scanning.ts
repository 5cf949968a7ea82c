/** Reading codes with the camera, where the browser can (Shape Detection API). */

interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { rawValue: string }[]>;
}

interface Window {
  BarcodeDetector?: new () => Detector;
}

/** How often a picture is looked at, milliseconds. */
const LOOK_MS = 150;

const detector = () => (globalThis as Window).BarcodeDetector;

/** Without TLS a browser has no camera for pages. */
export function canScan(): boolean {
  return Boolean(detector() && globalThis.navigator?.mediaDevices?.getUserMedia);
}

/** Shows the camera in a video and answers the first code that it sees; null when it was ended. */
export async function scan(video: HTMLVideoElement, signal: AbortSignal): Promise<string | null> {
  const Detector = detector();
  if (!Detector) return null;
  const wanted = { video: { facingMode: 'environment' }, audio: false };
  const camera = await navigator.mediaDevices.getUserMedia(wanted);
  try {
    if (signal.aborted) return null;
    video.srcObject = camera;
    await video.play();
    const reading = new Detector();
    while (!signal.aborted) {
      const [found] = await reading.detect(video);
      if (found?.rawValue) return found.rawValue;
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
    return null;
  } finally {
    camera.getTracks().forEach((track) => track.stop());
  }
}
