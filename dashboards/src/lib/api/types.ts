/**
 * What the server's API answers, by the names of its OpenAPI document (docs/openapi.json), from
 * which `npm run api` makes schema.d.ts.
 */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Alarm = Schemas['Alarm'];
export type Asset = Schemas['Asset'];
export type Board = Schemas['Board'];
export type BucketColumns = Schemas['BucketColumns'];
export type Condition = Schemas['Condition'];
export type Deviation = Schemas['Deviation'];
export type HistoryStep = Schemas['HistoryStep'];
export type LiveReadings = Schemas['LiveReadings'];
export type Login = Schemas['Login'];
export type Point = Schemas['Point'];
export type Problem = Schemas['Problem'];
export type RejectedPage = Schemas['RejectedPage'];
export type Session = Schemas['Session'];
export type Ticket = Schemas['Ticket'];
export type TicketState = Schemas['TicketState'];

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
