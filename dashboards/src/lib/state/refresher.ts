/**
 * Loads again whenever something changed, one at a time: what is asked for while a load is under way
 * is answered by one more load after it, however often it was asked for. In a flood of events that is
 * the difference between two requests and hundreds.
 */
export class Refresher {
  #running: Promise<void> | null = null;
  #wanted = false;

  constructor(private readonly load: () => Promise<void>) {}

  /** Done when nothing that was asked for is missing any more. */
  ask(): Promise<void> {
    this.#wanted = true;
    this.#running ??= this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (this.#wanted) {
        this.#wanted = false;
        await this.load();
      }
    } finally {
      this.#running = null;
    }
  }
}
