import type { Page } from "playwright-core";

/** When something happened to one value, in ms of the page's clock; null for what has not. */
export interface Moments {
  /** The mouse was moved to it, and released. */
  readonly moved: number;
  readonly released: number;
  /** The page sent it to the kernel. */
  readonly sent: number | null;
  /** The chart came from the kernel. */
  readonly received: number | null;
  /** The frame with the chart's title was on the screen. */
  readonly seen: number | null;
}

interface Watched {
  moved: number;
  released: number;
  sent: number;
  readonly received: Record<string, number>;
  readonly seen: Record<string, number>;
}

/** Makes a page note these moments. To be called before the page is loaded. @param title how titles of charts begin */
export async function watch(page: Page, title: string): Promise<void> {
  await page.addInitScript(install, title);
}

/** Moments of the chart with a title, which was asked for last. */
export async function momentsOf(page: Page, title: string): Promise<Moments> {
  return page.evaluate((title) => {
    const { moved, released, sent, received, seen } = (window as unknown as { watched: Watched }).watched;
    return { moved, released, sent, received: received[title] ?? null, seen: seen[title] ?? null };
  }, title);
}

/** Waits until the chart with a title is on the screen. */
export async function untilSeen(page: Page, title: string, timeout = 30_000): Promise<void> {
  const isSeen = (wanted: string) => wanted in (window as unknown as { watched: Watched }).watched.seen;
  await page.waitForFunction(isSeen, title, { timeout, polling: 20 });
}

/** Runs in the page. A canvas has no text to look for, so its drawing calls are listened to; SVG text is added. */
function install(title: string): void {
  const watched: Watched = { moved: 0, released: 0, sent: 0, received: {}, seen: {} };
  Object.assign(window, { watched });
  addEventListener("mousemove", () => (watched.moved = performance.now()), true);
  addEventListener("mouseup", () => (watched.released = performance.now()), true);

  const note = (text: string) => {
    // A task after the next frame begins when that frame has been handed to the screen.
    if (text.startsWith(title))
      requestAnimationFrame(() => setTimeout(() => (watched.seen[text] ??= performance.now())));
  };
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (this: CanvasRenderingContext2D, text, ...place) {
    if (this.canvas.isConnected) note(text);
    return fillText.call(this, text, ...place);
  };

  const pattern = new RegExp(`${title}\\d+`);
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener("message", ({ data }) => {
        const text = textOf(data);
        const [found] = text.includes("vegalite") ? (pattern.exec(text) ?? []) : [];
        if (found !== undefined) watched.received[found] ??= performance.now();
      });
    }
    override send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void {
      if (textOf(data).includes("comm_msg")) watched.sent = performance.now();
      super.send(data);
    }
  };

  function textOf(data: unknown): string {
    if (typeof data === "string") return data;
    return data instanceof ArrayBuffer || ArrayBuffer.isView(data) ? new TextDecoder().decode(data) : "";
  }
}
