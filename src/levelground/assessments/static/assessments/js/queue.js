// Answers on their way, kept in this browser so that a lost connection or a closed page loses none. Each has an entry of
// its own in the store (see outbox.js): two windows that are open at once do not write over each other's.
import { names, read } from "../../levelground/js/outbox.js";

export class Queue {
  /** `url` is where its answers are sent, from this page or from another one later. */
  constructor(key, url) {
    this.prefix = `${key}:`;
    this.url = url;
    this.held = new Set();
    const found = names(this.prefix).map((name) => [name.slice(this.prefix.length), read(name)]);
    this.items = new Map(found.filter(([, item]) => item?.sent).sort(([, one], [, other]) => one.at - other.at));
  }

  get size() {
    return this.items.size;
  }

  all() {
    return [...this.items];
  }

  /** What may be sent now: not what the server refused. */
  waiting() {
    return this.all().filter(([code]) => !this.held.has(code));
  }

  /** `said` is the answer in words, for a page that does not show its indicator. */
  put(code, { value, reason, version, said = "", whole = false }) {
    const known = this.items.get(code);
    // While an older change is on its way, the version stays the one that it was made from.
    const from = known && !whole ? known.sent.version : version;
    const item = { sent: { value, reason, version: from }, said, url: this.url, at: Date.now() + Math.random() };
    this.items.set(code, item);
    this.held.delete(code);
    this.#keep(code);
  }

  drop(code) {
    const item = this.items.get(code);
    this.items.delete(code);
    const kept = read(this.prefix + code);
    // Another window may have put a newer answer there.
    if (item && kept?.at === item.at) localStorage.removeItem(this.prefix + code);
  }

  /** Whether the person has changed the answer again since `item` was sent. */
  overtaken(code, item) {
    const now = this.items.get(code);
    return Boolean(now) && now.at !== item.at;
  }

  hold(code) {
    this.held.add(code);
  }

  release() {
    this.held.clear();
  }

  /** The server saved `item`. A change made meanwhile stays, on top of the new version, and is returned. */
  settle(code, item, version) {
    const now = this.items.get(code);
    if (!now || now.at === item.at) {
      this.drop(code);
      return null;
    }
    now.sent.version = version;
    this.#keep(code);
    return now;
  }

  #keep(code) {
    try {
      localStorage.setItem(this.prefix + code, JSON.stringify(this.items.get(code)));
    } catch {
      // A browser that keeps nothing still sends; it only cannot survive a reload.
    }
  }
}
