import { type Transport, withBody } from './transport';
import type {
  AcceptanceTest,
  Entry,
  Gate,
  NewEntry,
  NewSession,
  Page,
  RepairSession,
  RepairVerdict,
  SessionState,
  Standing,
  WholeSession
} from './types';

const one = (id: string) => `/api/v1/repair-sessions/${encodeURIComponent(id)}`;

/** Repair sessions: their steps, entries, acceptance test, gate and verdict. */
export class RepairsApi {
  constructor(private readonly transport: Transport) {}

  list(of: { ticket: string } | { asset: string }) {
    const query = new URLSearchParams(of);
    return this.transport.all<RepairSession>(`/api/v1/repair-sessions?${query}`);
  }

  prepare(session: NewSession): Promise<RepairSession> {
    return this.transport.json('/api/v1/repair-sessions', withBody('POST', session));
  }

  /** A session with its axis. */
  show(id: string): Promise<WholeSession> {
    return this.transport.json(one(id));
  }

  move(id: string, to: SessionState, why: string): Promise<RepairSession> {
    return this.transport.json(`${one(id)}/transition`, withBody('POST', { to, why }));
  }

  extend(id: string, untilMs: number, why: string): Promise<RepairSession> {
    const body = { until: new Date(untilMs).toISOString(), why };
    return this.transport.json(`${one(id)}/extension`, withBody('POST', body));
  }

  write(id: string, entry: NewEntry): Promise<Entry> {
    return this.transport.json(`${one(id)}/entries`, withBody('POST', entry));
  }

  /** The server decides by the first bytes what the file is. */
  attach(id: string, file: Blob, caption: string, atMs: number, key: string): Promise<Entry> {
    const query = new URLSearchParams({ caption, key, at: new Date(atMs).toISOString() });
    return this.transport.json(`${one(id)}/attachments?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: file
    });
  }

  acceptance(id: string): Promise<Standing> {
    return this.transport.json(`${one(id)}/acceptance`);
  }

  /** An acceptance test with all its versions. */
  test(id: string): Promise<AcceptanceTest> {
    return this.transport.json(`/api/v1/acceptance-tests/${encodeURIComponent(id)}`);
  }

  confirm(id: string, check: string, name: string): Promise<Standing> {
    const path = `${one(id)}/acceptance/confirmations`;
    return this.transport.json(path, withBody('POST', { check, name }));
  }

  /** Somebody answers for a check, or for the whole test where `check` is null. */
  signException(id: string, check: string | null, name: string, why: string): Promise<Standing> {
    const path = `${one(id)}/acceptance/exceptions`;
    return this.transport.json(path, withBody('POST', { check, name, why }));
  }

  gate(id: string): Promise<Gate> {
    return this.transport.json(`${one(id)}/gate`);
  }

  leave(id: string, name: string): Promise<Gate> {
    return this.transport.json(`${one(id)}/leave`, withBody('POST', { name }));
  }

  /** Versions of the verdict, the newest first. */
  async verdicts(id: string): Promise<RepairVerdict[]> {
    return (await this.transport.json<Page<RepairVerdict>>(`${one(id)}/verdict`)).items;
  }

  judge(id: string, loadIsSymptom: boolean, why: string): Promise<RepairVerdict> {
    const body = { terms: { load_is_symptom: loadIsSymptom }, why };
    return this.transport.json(`${one(id)}/verdict`, withBody('POST', body));
  }
}

/** The address of an attachment's bytes. */
export function attachmentUrl(sha256: string): string {
  return `/api/v1/attachments/${encodeURIComponent(sha256)}`;
}
