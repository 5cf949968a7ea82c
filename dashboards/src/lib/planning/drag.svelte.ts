/** A work order or a visit that is dragged to a technician and a time, by mouse, pen or finger. */
import type { Visit, WorkOrder } from '$lib/api/types';
import { momentAt } from './frame';

export type Carried =
  | { kind: 'order'; order: WorkOrder; lengthMs: number }
  | { kind: 'visit'; visit: Visit; lengthMs: number };

export interface Target {
  technicianId: string;
  /** Beginning of the day. */
  day: number;
  /** Null where only a day is aimed at. */
  at: number | null;
}

/** A press becomes a drag when it has moved so far, pixels; before it is a click. */
const SLACK_PX = 6;

/** The row under a point: rows name their technician, their day, and the hours that they show. */
function targetAt(x: number, y: number, grabbedPx: number): Target | null {
  const row = document
    .elementsFromPoint(x, y)
    .find((element): element is HTMLElement =>
      Boolean(element instanceof HTMLElement && element.dataset['technician'])
    );
  if (!row) return null;
  const { technician: technicianId = '', day, from, to } = row.dataset;
  if (!from || !to) return { technicianId, day: Number(day), at: null };
  const box = row.getBoundingClientRect();
  const part = (x - grabbedPx - box.left) / box.width;
  const at = momentAt(part, { from: Number(from), to: Number(to) });
  return { technicianId, day: Number(day), at };
}

export class Drag {
  carried = $state.raw<Carried | null>(null);
  target = $state.raw<Target | null>(null);
  x = $state(0);
  y = $state(0);

  constructor(private readonly dropped: (carried: Carried, target: Target) => void) {}

  /** Begins with a press; `grabbedPx`: how far inside the block it was. */
  begin(press: PointerEvent, carried: Carried, grabbedPx = 0): void {
    if (press.button !== 0) return;
    const ending = new AbortController();
    const { signal } = ending;
    const end = () => {
      ending.abort();
      this.carried = null;
      this.target = null;
    };
    const move = (event: PointerEvent) => {
      if (event.pointerId !== press.pointerId) return;
      const far = Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY);
      if (!this.carried && far < SLACK_PX) return;
      event.preventDefault();
      this.carried = carried;
      this.x = event.clientX;
      this.y = event.clientY;
      this.target = targetAt(event.clientX, event.clientY, grabbedPx);
    };
    const up = (event: PointerEvent) => {
      if (event.pointerId !== press.pointerId) return;
      const { carried: dragged, target } = this;
      end();
      if (!dragged) return;
      // The release of a drag is no click on what lies under it.
      const swallow = (click: Event) => click.stopPropagation();
      addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => removeEventListener('click', swallow, { capture: true }));
      if (target) this.dropped(dragged, target);
    };
    addEventListener('pointermove', move, { signal });
    addEventListener('pointerup', up, { signal });
    addEventListener('pointercancel', end, { signal });
    addEventListener('keydown', ({ key }) => key === 'Escape' && end(), { signal });
  }
}
