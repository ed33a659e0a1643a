import { type MimeBundle, visibleLines } from "../../core";
import { Html, html } from "../html";
import { isRecord } from "./buffers";

/** One output as notebooks store it. */
export type StoredOutput = Readonly<Record<string, unknown>>;

/** How many outputs, and how many characters of text, are kept; what comes after is counted. */
const maxOutputs = 500;
const maxText = 200_000;
const tellEveryMs = 50;

/** What was printed and shown somewhere, as notebooks store it, from the messages about it. */
export class Gathered {
  private list: Record<string, unknown>[] = [];
  /** The displays that may be updated, by their ids. */
  private readonly displays = new Map<string, Record<string, unknown>>();
  private characters = 0;
  private clearBeforeNext = false;
  private timer: NodeJS.Timeout | undefined;

  /** @param changed called at most every 50 ms */
  constructor(private readonly changed: (gathered: Gathered) => void) {}

  get outputs(): readonly StoredOutput[] {
    return this.list.map((one) => ({ ...one }));
  }

  take(type: string, content: Readonly<Record<string, unknown>>): void {
    switch (type) {
      case "stream":
        this.addText(String(content["name"]), String(content["text"]));
        break;
      case "display_data":
        this.addDisplay(content);
        break;
      case "update_display_data": {
        const shown = this.displays.get(idOf(content) ?? "");
        if (shown !== undefined) Object.assign(shown, bundleIn(content));
        break;
      }
      case "error":
        this.add({ output_type: "error", ...content });
        break;
      case "clear_output":
        if (content["wait"] === true) this.clearBeforeNext = true;
        else this.list = [];
        break;
      default:
        return;
    }
    // Not unref'd: a cell that has ended waits for nothing, but what it showed is to be seen.
    this.timer ??= setTimeout(() => this.tell(), tellEveryMs);
  }

  /** Tells of what has come since, now. */
  tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.changed(this);
  }

  /** Tells of nothing more. */
  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** All of it, for viewers that know nothing but HTML, or text. */
  asHtml(): { readonly markup: Html; readonly text: string } {
    const parts = this.list.map(partOf);
    return {
      markup: html`${parts.map(({ markup }) => markup)}`,
      text: parts.map(({ text }) => text).filter((text) => text !== "").join("\n"), // prettier-ignore
    };
  }

  private addText(name: string, text: string): void {
    const left = maxText - this.characters;
    this.characters += text.length;
    if (left <= 0) return;
    const kept = text.length > left ? `${text.slice(0, left)}\n… more text is not shown` : text;
    const last = this.clearBeforeNext ? undefined : this.list.at(-1);
    if (last?.["output_type"] === "stream" && last["name"] === name) last["text"] = `${String(last["text"])}${kept}`;
    else this.add({ output_type: "stream", name, text: kept });
  }

  private addDisplay(content: Readonly<Record<string, unknown>>): void {
    const shown = { output_type: "display_data", ...bundleIn(content) };
    const id = idOf(content);
    if (id !== undefined) this.displays.set(id, shown);
    this.add(shown);
  }

  private add(output: Record<string, unknown>): void {
    if (this.clearBeforeNext) this.list = [];
    this.clearBeforeNext = false;
    if (this.list.length < maxOutputs) this.list.push(output);
  }
}

function bundleIn(content: Readonly<Record<string, unknown>>): MimeBundle {
  const { data, metadata } = content;
  return { data: isRecord(data) ? data : {}, metadata: isRecord(metadata) ? metadata : {} };
}

function idOf({ transient }: Readonly<Record<string, unknown>>): string | undefined {
  const id = isRecord(transient) ? transient["display_id"] : undefined;
  return id === undefined ? undefined : String(id);
}

function partOf(output: StoredOutput): { markup: Html; text: string } {
  if (output["output_type"] === "stream") return asPre(String(output["text"]));
  if (output["output_type"] === "error") return asPre(`${String(output["ename"])}: ${String(output["evalue"])}`);
  return partOfBundle(output["data"] as MimeBundle["data"]);
}

/** A bundle as HTML, of its HTML, its picture or its text. */
export function partOfBundle(data: MimeBundle["data"]): { markup: Html; text: string } {
  const text = typeof data["text/plain"] === "string" ? data["text/plain"] : "";
  const own = data["text/html"];
  if (typeof own === "string") return { markup: new Html(own), text };
  const png = data["image/png"];
  if (typeof png === "string") return { markup: html`<img alt="${text}" src="data:image/png;base64,${png}" />`, text };
  return asPre(text);
}

function asPre(text: string): { markup: Html; text: string } {
  const shown = visibleLines(text).trimEnd();
  if (shown === "") return { markup: html``, text: "" };
  // Line by line: `html` spells out line ends, as it does all that a page would not show.
  const lines = shown.split("\n").map((line, i) => html`${i === 0 ? html`` : new Html("\n")}${line}`);
  return { markup: html`<pre>${lines}</pre>`, text: shown };
}
