import type { Api } from '$lib/api/client';
import type { Contact } from '$lib/api/types';

/** Longest question of several words: the server is asked for each of them. */
const MOST_WORDS = 3;

/** Contacts that have every word somewhere: in what is known of them, or in the name of their customer. */
export function havingAll(contacts: readonly Contact[], words: readonly string[]): Contact[] {
  const byId = new Map(contacts.map((contact) => [contact.id, contact]));
  return [...byId.values()].filter((contact) => {
    const { name, email, phone, role, customer_name } = contact;
    const text = [name, email, phone, role, customer_name].join(' ').toLowerCase();
    return words.every((word) => text.includes(word.toLowerCase()));
  });
}

/** The API finds one part of a name, address or number; people type a name and where they are from. */
export async function findContacts(api: Api, question: string): Promise<Contact[]> {
  const words = question.trim().split(/\s+/).slice(0, MOST_WORDS);
  const found = await Promise.all(words.map((word) => api.customers.findContacts(word)));
  return havingAll(found.flat(), words);
}
