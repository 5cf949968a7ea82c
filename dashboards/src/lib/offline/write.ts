/**
 * How what is done beside a machine reaches the server: exactly once, and with the time at which it
 * was done. All of it goes through one `send`.
 */
import type { Effect } from './effects';

/** Something to be done. */
export interface Write {
  method: 'POST' | 'PUT';
  path: string;
  /** JSON, or a file. */
  body: Readonly<Record<string, unknown>> | Blob;
  /** Fields of the body in which the API takes the device's time and the key of the write. */
  stamps?: { time?: 'at' | 'device_at'; key?: 'key' };
  /** What it is, for people. */
  what: string;
  /** What it changes in what was read before. */
  effects?: readonly Effect[];
}

/** A write with its key and its time: however often it is sent, it is the same one. */
export interface Stamped {
  method: Write['method'];
  path: string;
  body: Write['body'];
  key: string;
  /** When it was done, by this device. */
  atMs: number;
}

/** Does a write and answers what the server said; null while it waits for a network. */
export type Send = <T>(write: Write) => Promise<T | null>;

export function stamp(write: Write, key: string, atMs: number): Stamped {
  const { method, path, body, stamps = {} } = write;
  if (body instanceof Blob) return { method, path, body, key, atMs };
  const time = stamps.time ? { [stamps.time]: new Date(atMs).toISOString() } : {};
  const named = stamps.key ? { [stamps.key]: key } : {};
  return { method, path, body: { ...body, ...time, ...named }, key, atMs };
}
