import type { Content, ExecuteRequest, Message } from "../protocol/message";
import type { Publish } from "./cell";
import type { CellQueue } from "./cell-queue";
import { complete, inspect, isComplete } from "./code-help";
import type { Evaluator } from "./evaluator";
import type { History } from "./history";

/** Answers one request. */
export type Reply = (type: string, content: object) => void;

/** What the shell channel asks for, by message type. */
export class Kernel {
  constructor(
    private readonly info: Content,
    private readonly evaluator: Evaluator,
    private readonly queue: CellQueue,
    private readonly history: History,
    private readonly publish: Publish,
  ) {}

  take(request: Message, reply: Reply): void {
    if (request.header.msg_type === "execute_request") {
      this.queue.add({
        header: request.header,
        request: request.content as unknown as ExecuteRequest,
        reply: (content) => reply("execute_reply", content),
      });
      return;
    }
    this.publish(request.header, "status", { execution_state: "busy" });
    try {
      this.answer(request, reply);
    } finally {
      this.publish(request.header, "status", { execution_state: "idle" });
    }
  }

  private answer({ header, content }: Message, reply: Reply): void {
    const code = String(content["code"] ?? "");
    const cursor = Number(content["cursor_pos"] ?? code.length);
    switch (header.msg_type) {
      case "kernel_info_request":
        return reply("kernel_info_reply", this.info);
      case "complete_request":
        return reply("complete_reply", complete(this.evaluator, code, cursor));
      case "inspect_request":
        return reply("inspect_reply", inspect(this.evaluator, code, cursor));
      case "is_complete_request":
        return reply("is_complete_reply", isComplete(code));
      case "history_request":
        return reply("history_reply", this.history.reply(content));
      case "comm_info_request":
        return reply("comm_info_reply", { status: "ok", comms: {} });
      case "comm_open":
        // Widget managers ask; there are no widgets here.
        return this.publish(header, "comm_close", { comm_id: content["comm_id"], data: {} });
    }
  }
}
