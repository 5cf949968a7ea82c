/** A field to sign in. The strokes are kept as they were drawn, so that they fit any size. */

interface Dot {
  x: number;
  y: number;
}

/** Dark on white, in the dark as well: it is printed in reports. */
const INK = '#14201e';
const PAPER = '#ffffff';
const WIDTH = 2.6;

export class Pad {
  #strokes: Dot[][] = [];
  #name = '';

  constructor(private readonly canvas: HTMLCanvasElement) {}

  get isEmpty(): boolean {
    return this.#strokes.length === 0 && this.#name === '';
  }

  press({ x, y }: Dot): void {
    this.#strokes.push([{ x, y }]);
    this.draw();
  }

  move({ x, y }: Dot): void {
    this.#strokes.at(-1)?.push({ x, y });
    this.draw();
  }

  clear(): void {
    this.#strokes = [];
    this.#name = '';
    this.draw();
  }

  /** For who cannot draw: the name stands for the signature. */
  write(name: string): void {
    this.#strokes = [];
    this.#name = name;
    this.draw();
  }

  /** Draws everything anew, as large as the field is now. */
  draw(): void {
    const { canvas } = this;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const scale = globalThis.devicePixelRatio || 1;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const pen = canvas.getContext('2d');
    if (!pen) return;
    pen.scale(scale, scale);
    pen.fillStyle = PAPER;
    pen.fillRect(0, 0, width, height);
    pen.strokeStyle = INK;
    pen.fillStyle = INK;
    pen.lineWidth = WIDTH;
    pen.lineCap = 'round';
    pen.lineJoin = 'round';
    if (this.#name) {
      pen.font = `italic ${Math.round(height / 4)}px serif`;
      pen.textBaseline = 'middle';
      pen.fillText(this.#name, 20, height / 2, width - 40);
    }
    this.#strokes.forEach((stroke) => this.#stroke(pen, stroke));
  }

  /** Through the middles between dots: smooth however far apart they are. */
  #stroke(pen: CanvasRenderingContext2D, stroke: readonly Dot[]): void {
    const [first, ...rest] = stroke;
    if (!first) return;
    pen.beginPath();
    pen.moveTo(first.x, first.y);
    let before = first;
    for (const dot of rest) {
      pen.quadraticCurveTo(before.x, before.y, (before.x + dot.x) / 2, (before.y + dot.y) / 2);
      before = dot;
    }
    // A dot alone is a line without length, which a round cap makes visible.
    pen.lineTo(before.x, before.y);
    pen.stroke();
  }

  picture(): Promise<Blob> {
    return new Promise((done, failed) =>
      this.canvas.toBlob(
        (blob) => (blob ? done(blob) : failed(new Error('the signature could not be drawn'))),
        'image/png'
      )
    );
  }
}
