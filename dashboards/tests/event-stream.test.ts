import { expect, it } from 'vitest';
import { EventStreamParser } from '../src/lib/api/event-stream';

it('events arrive whole, however the stream is cut', () => {
  const text = ': keep-alive\n\nevent: ticket\ndata: {"a":\r\ndata: 1}\r\n\r\ndata: x\n\n';
  for (let cut = 1; cut < text.length; cut += 1) {
    const parser = new EventStreamParser();
    const events = [...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))];
    expect(events).toEqual([
      { event: 'ticket', data: '{"a":\n1}' },
      { event: 'message', data: 'x' }
    ]);
  }
});

it('an event without data is none', () => {
  expect(new EventStreamParser().push('event: ticket\n\n')).toEqual([]);
});
