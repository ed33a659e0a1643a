import { randomUUID } from "node:crypto";
import type { KernelClient } from "recsys-unlearning-kernel";
import type { Content, Message } from "../../kernel/protocol/message";

export interface Model {
  readonly id: string;
  readonly state: Content;
}

/** What a page with a widget manager knows of a kernel: its open controls, and what is shown in place. */
export class ControlsPage {
  readonly models = new Map<string, Model>();
  readonly displays = new Map<string, Content>();
  readonly messages: Message[] = [];
  private readonly waiting = new Set<() => void>();

  constructor(private readonly kernel: KernelClient) {
    kernel.hear((message) => this.hear(message));
  }

  /** The open control with this label, or of this model; the last that was opened. */
  model(wanted: string): Model {
    const found = [...this.models.values()].filter(
      ({ state }) => state["description"] === wanted || state["_model_name"] === wanted,
    );
    const last = found.at(-1);
    if (last === undefined) throw new Error(`no control ${wanted}`);
    return last;
  }

  /** Changes fields as a page does. @returns what the kernel published about it */
  async update({ id }: Model, state: object, paths: unknown[] = [], buffers: Uint8Array[] = []): Promise<Message[]> {
    return this.message(id, { method: "update", state, buffer_paths: paths }, buffers);
  }

  async message(id: string, data: unknown, buffers: Uint8Array[] = []): Promise<Message[]> {
    return this.kernel.send("comm_msg", { comm_id: id, data }, buffers);
  }

  async open(target: string, data: unknown = {}): Promise<{ id: string; heard: Message[] }> {
    const id = randomUUID();
    return { id, heard: await this.kernel.send("comm_open", { comm_id: id, target_name: target, data }) };
  }

  /** Waits until something holds; looked at with each message. */
  async until(holds: () => boolean, ms = 10_000): Promise<void> {
    const end = performance.now() + ms;
    while (!holds()) {
      if (performance.now() > end) throw new Error(`it does not hold after ${ms} ms: ${String(holds)}`);
      await new Promise<void>((resolve) => {
        const done = () => {
          this.waiting.delete(done);
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(done, 100);
        this.waiting.add(done);
      });
    }
  }

  private hear(message: Message): void {
    const { header, content } = message;
    this.messages.push(message);
    const id = String(content["comm_id"]);
    const data = content["data"] as { state?: Content; method?: string } | undefined;
    if (header.msg_type === "comm_open") this.models.set(id, { id, state: { ...data?.state } });
    if (header.msg_type === "comm_close") this.models.delete(id);
    if (header.msg_type === "comm_msg" && data?.state !== undefined)
      Object.assign(this.models.get(id)?.state ?? {}, data.state);
    const shown = (content["transient"] as { display_id?: string } | undefined)?.display_id;
    if (shown !== undefined) this.displays.set(shown, content["data"] as Content);
    for (const look of [...this.waiting]) look();
  }
}
