/** A voice note, recorded by the browser. */

/** The first that the browser can record; the server knows all of them by their first bytes. */
const TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
/** Good for speech: an hour has less than what an attachment may have. */
const BITS_PER_SECOND = 32_000;
/** A press by mistake: too little for anybody to hear, or for the server to know what it is. */
const SHORTEST_MS = 1_000;

export function canRecord(): boolean {
  return 'MediaRecorder' in globalThis && Boolean(navigator.mediaDevices?.getUserMedia);
}

export class Recording {
  /** When it began; null while nothing is recorded. */
  since = $state<number | null>(null);
  #recorder: MediaRecorder | null = null;
  #given: Blob[] = [];

  /** Throws where the microphone is not allowed. */
  async start(): Promise<void> {
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
    const options = { audioBitsPerSecond: BITS_PER_SECOND, ...(type ? { mimeType: type } : {}) };
    const recorder = new MediaRecorder(microphone, options);
    this.#given = [];
    recorder.ondataavailable = ({ data }) => this.#given.push(data);
    recorder.start();
    this.#recorder = recorder;
    this.since = Date.now();
  }

  /** Ends it and answers what was recorded; null when that was too short. */
  stop(): Promise<Blob | null> {
    const recorder = this.#recorder;
    const isShort = Date.now() - (this.since ?? Infinity) < SHORTEST_MS;
    this.#recorder = null;
    this.since = null;
    if (!recorder) return Promise.resolve(null);
    const whole = new Promise<Blob>((done) => {
      recorder.onstop = () => done(new Blob(this.#given, { type: recorder.mimeType }));
    });
    recorder.stop();
    recorder.stream.getTracks().forEach((track) => track.stop());
    return isShort ? Promise.resolve(null) : whole;
  }
}
