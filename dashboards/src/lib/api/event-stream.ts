/** One server-sent event. */
export interface StreamEvent {
  event: string;
  data: string;
}

/**
 * Parser of the event stream format (WHATWG HTML, section 9.2.6), fed with pieces of text as they
 * arrive. EventSource would do this too, but cannot tell a lost session from a lost link.
 */
export class EventStreamParser {
  #rest = '';
  #event = '';
  #data: string[] = [];

  push(text: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const done = this.#line(line.endsWith('\r') ? line.slice(0, -1) : line);
      if (done) events.push(done);
    }
    return events;
  }

  #line(line: string): StreamEvent | null {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    // A line that starts with a colon is a comment: the server's keep-alive.
    if (colon === 0) return null;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    if (field === 'data') this.#data.push(value);
    return null;
  }

  #dispatch(): StreamEvent | null {
    const event = this.#event || 'message';
    const data = this.#data;
    this.#event = '';
    this.#data = [];
    return data.length > 0 ? { event, data: data.join('\n') } : null;
  }
}
