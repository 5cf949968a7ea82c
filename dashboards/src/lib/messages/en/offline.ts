import { plural } from './plural';

/** What is said while the server cannot be reached. */
export const offline = {
  banner: 'No connection. Visits, steps, notes and files are kept on this device and sent later.',
  asOf: (when: string) => `Shown as read ${when}.`,
  waiting: (n: number) => `${plural(n, 'thing', 'things')} not sent yet`,
  refused: (n: number) => `${plural(n, 'thing was', 'things were')} refused`,
  title: 'Not sent yet',
  lead: 'Done on this device, and not with the server. It is kept when you close the browser, and sent by itself.',
  none: 'Everything is sent',
  noneLead: 'What you do without a connection waits here.',
  sendNow: 'Send now',
  waits: 'Waits for a connection',
  refusedAs: (why: string) => `Refused: ${why}`,
  again: 'Send again',
  drop: 'Give up',
  dropTitle: 'Give this up?',
  dropLead: 'It is deleted from this device, and the server never hears of it.',
  dropSubmit: 'Delete it',
  prepared: (when: string) => `Your visits are on this device, as of ${when}.`,
  preparing: 'Taking your visits onto this device…',
  notPrepared: 'Not all of your visits could be taken onto this device.',
  what: {
    visit: (state: string) => `Visit: ${state}`,
    order: (state: string) => `Work order: ${state}`,
    ticked: (text: string) => `Done: ${text}`,
    unticked: (text: string) => `Not done: ${text}`,
    part: (name: string, state: string) => `${name}: ${state}`,
    partTaken: (quantity: number, name: string) => `Part: ${quantity} × ${name}`,
    file: (title: string) => `File: ${title}`,
    session: (title: string) => `Repair prepared: ${title}`,
    sessionMoved: (state: string) => `Repair: ${state}`,
    entry: (text: string) => `Note: ${text}`
  }
};
