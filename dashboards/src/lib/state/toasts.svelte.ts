/** A short notice with a way to what it is about. */
export interface Toast {
  id: number;
  text: string;
  detail: string;
  href: string;
}

const SHOWN_MS = 12_000;
const MOST = 3;

export class Toasts {
  items = $state<Toast[]>([]);
  #next = 1;

  show(text: string, detail: string, href: string): void {
    const id = this.#next;
    this.#next += 1;
    this.items = [...this.items, { id, text, detail, href }].slice(-MOST);
    setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  dismiss(id: number): void {
    this.items = this.items.filter((toast) => toast.id !== id);
  }
}
