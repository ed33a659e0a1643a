import { visibleLines } from "./text";

/** Where announcements go; replaced by tests and by commands with a quiet mode. */
let speak: (line: string) => void = (line) => console.log(line);
const said = new Set<string>();

/**
 * Says one thing a person must know (the engine in use, a fallback, a licence), each text once a process. Text from
 * outside is made safe to print.
 *
 * @example
 * announce("ml-100k: read from the cache"); // once; a notebook shows it in the cell
 */
export function announce(text: string): void {
  const line = visibleLines(text);
  if (said.has(line)) return;
  said.add(line);
  speak(line);
}

/**
 * Sends announcements elsewhere and returns the way back.
 *
 * @example
 * const restore = redirectAnnouncements((line) => console.error(line)); // stdout is for results
 * announce("ml-100k: read from the cache");
 * restore();
 */
export function redirectAnnouncements(to: (line: string) => void): () => void {
  const before = speak;
  speak = to;
  return () => {
    speak = before;
  };
}
