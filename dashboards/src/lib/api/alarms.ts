import { type Transport, withBody, withCursor } from './transport';
import type { Alarm, AlarmFlood, Page, Suspension } from './types';

const one = (id: string) => `/api/v1/alarms/${encodeURIComponent(id)}`;

/** Alarms, what hides them, and floods of them. */
export class AlarmsApi {
  constructor(private readonly transport: Transport) {}

  /** Every alarm that fits. */
  all(query: URLSearchParams): Promise<Alarm[]> {
    return this.transport.all(`/api/v1/alarms?${query}`);
  }

  /** A page of the alarms that fit, the newest first. */
  page(query: URLSearchParams, cursor: string | null): Promise<Page<Alarm>> {
    return this.transport.json(withCursor(`/api/v1/alarms?${query}`, cursor));
  }

  /** One alarm with its history. */
  show(id: string): Promise<Alarm> {
    return this.transport.json(one(id));
  }

  acknowledge(id: string): Promise<Alarm> {
    return this.transport.json(`${one(id)}/acknowledge`, { method: 'POST' });
  }

  reset(id: string): Promise<Alarm> {
    return this.transport.json(`${one(id)}/reset`, { method: 'POST' });
  }

  shelve(id: string, reason: string, untilMs: number): Promise<Suspension> {
    const body = { reason, until: new Date(untilMs).toISOString() };
    return this.transport.json(`${one(id)}/shelve`, withBody('POST', body));
  }

  unshelve(id: string, why: string): Promise<Suspension> {
    return this.transport.json(`${one(id)}/unshelve`, withBody('POST', { why }));
  }

  /** What hides alarms now, or is planned to. */
  suspensions(): Promise<Suspension[]> {
    return this.transport.all('/api/v1/suspensions?open=true');
  }

  /** Ends a suspension before its time. */
  endSuspension(id: string, why: string): Promise<Suspension> {
    const path = `/api/v1/suspensions/${encodeURIComponent(id)}/end`;
    return this.transport.json(path, withBody('POST', { why }));
  }

  /** The newest floods. */
  async floods(): Promise<AlarmFlood[]> {
    return (await this.transport.json<Page<AlarmFlood>>('/api/v1/alarm-floods')).items;
  }
}
