import type { MimeData } from "recsys-unlearning/core";
import type { Content, DisplayData, Message } from "../protocol/message";

/** The outputs of a cell as notebooks store them (nbformat 4.5). */
export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;

export interface StreamOutput {
  output_type: "stream";
  name: string;
  text: string;
}

export interface DisplayOutput {
  output_type: "display_data";
  data: MimeData;
  metadata: Content;
}

export interface ResultOutput {
  output_type: "execute_result";
  data: MimeData;
  metadata: Content;
  execution_count: number | null;
}

export interface ErrorOutput {
  output_type: "error";
  ename: string;
  evalue: string;
  traceback: string[];
}

/** The displays of one kernel that can be updated, by their ids: a later cell may update an earlier one's. */
export type DisplayRegistry = Map<string, (DisplayOutput | ResultOutput)[]>;

/** Gathers one cell's outputs from the messages about it. */
export class OutputCollector {
  readonly outputs: Output[] = [];
  private clearBeforeNext = false;

  constructor(private readonly displays: DisplayRegistry) {}

  take({ header, content }: Message): void {
    switch (header.msg_type) {
      case "stream":
        return this.addStream(String(content["name"]), String(content["text"]));
      case "display_data":
        return this.addDisplay({ output_type: "display_data", ...bundle(content) }, content);
      case "execute_result": {
        const execution_count = (content["execution_count"] as number | undefined) ?? null;
        return this.addDisplay({ output_type: "execute_result", ...bundle(content), execution_count }, content);
      }
      case "update_display_data":
        for (const shown of this.displays.get(displayId(content) ?? "") ?? []) Object.assign(shown, bundle(content));
        return;
      case "error": {
        const { ename, evalue, traceback } = content as unknown as ErrorOutput;
        return this.add({ output_type: "error", ename, evalue, traceback: traceback ?? [] });
      }
      case "clear_output":
        if (content["wait"] === true) this.clearBeforeNext = true;
        else this.outputs.length = 0;
    }
  }

  private add(output: Output): void {
    if (this.clearBeforeNext) this.outputs.length = 0;
    this.clearBeforeNext = false;
    this.outputs.push(output);
  }

  private addStream(name: string, text: string): void {
    const last = this.clearBeforeNext ? undefined : this.outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text += text;
    else this.add({ output_type: "stream", name, text });
  }

  private addDisplay(output: DisplayOutput | ResultOutput, content: Content): void {
    this.add(output);
    const id = displayId(content);
    if (id === undefined) return;
    const same = this.displays.get(id) ?? [];
    // A display that is shown again shows its new state everywhere.
    for (const shown of same) Object.assign(shown, bundle(content));
    this.displays.set(id, [...same, output]);
  }
}

function bundle(content: Content): { data: MimeData; metadata: Content } {
  const { data, metadata } = content as unknown as DisplayData;
  return { data, metadata: metadata ?? {} };
}

function displayId(content: Content): string | undefined {
  return (content as unknown as DisplayData).transient?.display_id;
}
