/** Charts as files. */
import type { Columns } from '$lib/measure/gaps';
import { toShown, unitName } from '$lib/measure/units';

/** What one chart shows. */
export interface Shown {
  name: string;
  unit: string;
  columns: Columns;
}

/** Without the tail that changing units leaves. */
const rounded = (value: number) => Number(value.toPrecision(12));

/** A row a moment and point, in the units on screen; RFC 4180. */
export function csvOf(charts: readonly Shown[]): string {
  const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = charts.flatMap(({ name, unit, columns }) => {
    const number = (value: number | null | undefined) =>
      value === null || value === undefined ? '' : String(rounded(toShown(value, unit)));
    return columns.at.flatMap((at, i) =>
      columns.mean[i] === null
        ? []
        : [
            [
              new Date(at).toISOString(),
              cell(name),
              cell(unitName(unit)),
              number(columns.min[i]),
              number(columns.mean[i]),
              number(columns.max[i])
            ].join(',')
          ]
    );
  });
  return ['time,point,unit,min,mean,max', ...rows, ''].join('\r\n');
}

/** One picture of charts below each other, each with its name. */
export function pictureOf(
  canvases: readonly { name: string; canvas: HTMLCanvasElement }[]
): Promise<Blob | null> {
  const ratio = devicePixelRatio;
  const head = 22 * ratio;
  const picture = document.createElement('canvas');
  picture.width = Math.max(...canvases.map(({ canvas }) => canvas.width));
  picture.height = canvases.reduce((sum, { canvas }) => sum + canvas.height + head, 0);
  const context = picture.getContext('2d');
  if (!context) return Promise.resolve(null);
  const { backgroundColor, color } = getComputedStyle(document.body);
  context.fillStyle = backgroundColor;
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = color;
  context.font = `600 ${13 * ratio}px system-ui, sans-serif`;
  let y = 0;
  for (const { name, canvas } of canvases) {
    context.fillText(name, 8 * ratio, y + 16 * ratio);
    context.drawImage(canvas, 0, y + head);
    y += canvas.height + head;
  }
  return new Promise((done) => picture.toBlob(done, 'image/png'));
}

/** Offers a file for saving. */
export function save(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has taken it over by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
