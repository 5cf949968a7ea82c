import uPlot from 'uplot';
import type { Columns } from '$lib/measure/gaps';
import { clockTime, dayOnly, minuteTime } from '$lib/measure/time';
import { toShown } from '$lib/measure/units';
import { drawShades, NAMES_HEIGHT, type Shade } from './shades';

/** What a chart shows besides its line; in the unit of the readings. */
export interface Frame {
  from: number;
  to: number;
  unit: string;
  band: { low: number; high: number } | null;
  /** A moment to point out, Unix milliseconds. */
  marker: number | null;
  /** Stretches of time to mark behind the line. */
  shades?: readonly Shade[];
  /** What the vertical range has to hold instead of all readings; what lies outside is cut off. */
  range?: { low: number; high: number } | null;
}

/** Which column is the line: the others are the envelope of least and greatest readings. */
const LINE = 3;

/** Less than this many pixels is a click. */
const LEAST_DRAWN = 6;

export interface PlotSetup {
  frame: () => Frame;
  width: number;
  height: number;
  /** Charts with the same key share one cursor. */
  syncKey: string;
  timeLabels: boolean;
  /** Told the reading under the cursor, or null when the cursor left. */
  hover: (under: { at: number; value: number | null } | null) => void;
  /** Told the stretch that was drawn over with the pointer; without it nothing can be drawn. */
  zoom?: ((from: number, to: number) => void) | undefined;
}

function colour(name: string): string {
  // light-dark() is only worked out on a real property, not on a custom one.
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** Columns as uPlot takes them, in the unit that people see. */
export function plotData(columns: Columns, unit: string): uPlot.AlignedData {
  const shown = (values: (number | null)[]) =>
    values.map((v) => (v === null ? null : toShown(v, unit)));
  return [columns.at, shown(columns.max), shown(columns.min), shown(columns.mean)];
}

/** The vertical range: the readings and the normal band, with room around them. */
function verticalRange(frame: Frame, min: number | null, max: number | null): [number, number] {
  const readings = frame.range
    ? [toShown(frame.range.low, frame.unit), toShown(frame.range.high, frame.unit)]
    : [min, max];
  const edges = readings.filter((v): v is number => v !== null && Number.isFinite(v));
  if (frame.band)
    edges.push(toShown(frame.band.low, frame.unit), toShown(frame.band.high, frame.unit));
  if (edges.length === 0) return [0, 1];
  const low = Math.min(...edges);
  const high = Math.max(...edges);
  const room = (high - low) * 0.1 || Math.abs(high) * 0.05 || 1;
  return [low - room, high + room];
}

function drawBehind(u: uPlot, frame: Frame, fill: string): void {
  if (!frame.band) return;
  const { left, top, width, height } = u.bbox;
  const high = u.valToPos(toShown(frame.band.high, frame.unit), 'y', true);
  const low = u.valToPos(toShown(frame.band.low, frame.unit), 'y', true);
  const y = Math.max(top, high);
  u.ctx.save();
  u.ctx.fillStyle = fill;
  u.ctx.fillRect(left, y, width, Math.max(0, Math.min(top + height, low) - y));
  u.ctx.restore();
}

function drawMarker(u: uPlot, frame: Frame, stroke: string): void {
  if (frame.marker === null) return;
  const x = Math.round(u.valToPos(frame.marker, 'x', true));
  const { left, top, width, height } = u.bbox;
  if (x < left || x > left + width) return;
  u.ctx.save();
  u.ctx.strokeStyle = stroke;
  u.ctx.lineWidth = 1.5 * devicePixelRatio;
  u.ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  u.ctx.beginPath();
  u.ctx.moveTo(x, top);
  u.ctx.lineTo(x, top + height);
  u.ctx.stroke();
  u.ctx.restore();
}

function axes(setup: PlotSetup, ink: string, line: string): uPlot.Axis[] {
  const font = '11px system-ui, sans-serif';
  const grid = { stroke: line, width: 1 };
  return [
    {
      stroke: ink,
      font,
      grid,
      ticks: { show: false },
      size: setup.timeLabels ? 24 : 6,
      gap: 4,
      space: 104,
      values: (_, splits) => (setup.timeLabels ? timeTexts(splits) : splits.map(() => ''))
    },
    {
      stroke: ink,
      font,
      grid,
      ticks: { show: false },
      size: 48,
      gap: 6,
      space: 26
    }
  ];
}

const DAY_MS = 24 * 60 * 60_000;

/** A date where times repeat, and no seconds where they would all be zero. */
function timeTexts(splits: number[]): string[] {
  const step = (splits[1] ?? 0) - (splits[0] ?? 0);
  const long = (splits.at(-1) ?? 0) - (splits[0] ?? 0) > DAY_MS;
  if (step >= DAY_MS) return splits.map(dayOnly);
  if (long) return splits.map((ms) => `${dayOnly(ms)} ${minuteTime(ms)}`);
  return splits.map(step < 60_000 ? clockTime : minuteTime);
}

/** Makes one chart; the caller destroys it. */
export function makePlot(target: HTMLElement, data: uPlot.AlignedData, setup: PlotSetup): uPlot {
  const trace = colour('--trace');
  const soft = colour('--trace-soft');
  const bandFill = colour('--band');
  const mark = colour('--bad');
  const ink = colour('--ink-2');
  const known = new Map<string, string>();
  const shadeColour = (name: string) => {
    const value = known.get(name) ?? colour(name);
    known.set(name, value);
    return value;
  };
  const sync = uPlot.sync(setup.syncKey);
  const hidden = { stroke: 'transparent', width: 0, points: { show: false }, spanGaps: false };
  const options: uPlot.Options = {
    width: setup.width,
    height: setup.height,
    ms: 1,
    padding: [setup.frame().shades ? NAMES_HEIGHT : 8, 18, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: setup.syncKey, scales: ['x', null] },
      drag: { x: setup.zoom !== undefined, y: false, setScale: false },
      y: false,
      // The envelope has no dots of its own under the cursor.
      points: { size: (_, i) => (i === LINE ? 7 : 0), fill: trace, stroke: trace }
    },
    scales: {
      x: {
        time: true,
        range: () => {
          const { from, to } = setup.frame();
          return [from, to];
        }
      },
      y: { range: (_u, min, max) => verticalRange(setup.frame(), min, max) }
    },
    series: [
      {},
      hidden,
      hidden,
      {
        stroke: trace,
        width: 1.6,
        spanGaps: false,
        points: { show: true, filter: (u) => dotted(u), size: 4, fill: trace }
      }
    ],
    bands: [{ series: [1, 2], fill: soft }],
    axes: axes(setup, colour('--ink-3'), colour('--line')),
    hooks: {
      drawClear: [
        (u) => drawShades(u, setup.frame().shades ?? [], shadeColour, ink),
        (u) => drawBehind(u, setup.frame(), bandFill)
      ],
      draw: [(u) => drawMarker(u, setup.frame(), mark)],
      setSelect: [
        (u) => {
          const { left, width } = u.select;
          if (width < LEAST_DRAWN) return;
          setup.zoom?.(u.posToVal(left, 'x'), u.posToVal(left + width, 'x'));
          u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
        }
      ],
      setCursor: [
        (u) => {
          const i = u.cursor.idx;
          const at = i === null || i === undefined ? undefined : u.data[0][i];
          const inside = (u.cursor.left ?? -1) >= 0;
          if (!inside || at === undefined || i === null || i === undefined) setup.hover(null);
          else setup.hover({ at, value: u.data[LINE]?.[i] ?? null });
        }
      ]
    }
  };
  const plot = new uPlot(options, data, target);
  sync.sub(plot);
  return plot;
}

/**
 * The readings to mark with a dot: those that no line reaches, and all when they are so few that a
 * line alone would hide how few.
 */
function dotted(u: uPlot): number[] {
  const values = Array.from(u.data[LINE] ?? []);
  const measured = values.flatMap((v, i) => (v === null || v === undefined ? [] : [i]));
  if (measured.length < u.width / 14) return measured;
  return measured.filter(
    (i) => (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null
  );
}
