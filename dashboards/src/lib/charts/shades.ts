import type uPlot from 'uplot';

/** A stretch of time that a chart marks, Unix milliseconds. */
export interface Shade {
  from: number;
  to: number;
  /** Name of a colour of the style sheet, such as `--band`. */
  fill: string;
  /** Written above it where there is room; empty: nothing is. */
  name: string;
}

/** Room above a chart for the names of its areas, pixels. */
export const NAMES_HEIGHT = 20;

/** Draws areas behind the line; `colour` reads a colour of the style sheet. */
export function drawShades(
  u: uPlot,
  shades: readonly Shade[],
  colour: (name: string) => string,
  ink: string
): void {
  const { left, top, width, height } = u.bbox;
  const ratio = devicePixelRatio;
  u.ctx.save();
  u.ctx.font = `600 ${11 * ratio}px system-ui, sans-serif`;
  u.ctx.textBaseline = 'top';
  u.ctx.textAlign = 'left';
  for (const shade of shades) {
    const from = Math.max(left, u.valToPos(shade.from, 'x', true));
    const to = Math.min(left + width, u.valToPos(shade.to, 'x', true));
    if (to <= left || from >= left + width) continue;
    // A short repair in a long time still has to be seen.
    const wide = Math.max(to - from, 2 * ratio);
    u.ctx.fillStyle = colour(shade.fill);
    u.ctx.fillRect(from, top, wide, height);
    if (!shade.name || u.ctx.measureText(shade.name).width > wide) continue;
    u.ctx.fillStyle = ink;
    u.ctx.fillText(shade.name, from, top - 14 * ratio);
  }
  u.ctx.restore();
}
