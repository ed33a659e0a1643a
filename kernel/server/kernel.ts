import type { Content, ExecuteRequest, Message } from "../protocol/message";
import type { CellQueue } from "./cell-queue";
import { complete, inspect, isComplete } from "./code-help";
import type { Comms } from "./comms";
import type { Evaluator } from "./evaluator";
import type { History } from "./history";
import { Outputs, type Publish } from "./outputs";

/** Answers one request. */
export type Reply = (type: string, content: object) => void;

/** What the shell channel asks for, by message type. */
export class Kernel {
  /** Ends what is being answered, if something is. */
  private end: (() => void) | undefined;

  constructor(
    private readonly info: Content,
    private readonly evaluator: Evaluator,
    private readonly queue: CellQueue,
    private readonly history: History,
    private readonly comms: Comms,
    private readonly publish: Publish,
  ) {}

  /** @param identities the way back to who sent it */
  take(request: Message, identities: Uint8Array[], reply: Reply): void {
    if (request.header.msg_type === "execute_request") {
      this.queue.add({
        header: request.header,
        identities,
        request: request.content as unknown as ExecuteRequest,
        reply: (content) => reply("execute_reply", content),
      });
      return;
    }
    this.publish(request.header, "status", { execution_state: "busy" });
    this.end = () => this.publish(request.header, "status", { execution_state: "idle" });
    try {
      this.answer(request, reply);
    } finally {
      this.finish();
    }
  }

  /** Ends the answer to a request whose handler was ended in an endless loop, which it leaves by no `finally`. */
  recover(): void {
    if (this.end === undefined) return;
    this.queue.outputs?.write("stderr", "a handler of a comm was interrupted\n");
    this.finish();
  }

  private finish(): void {
    const { end } = this;
    this.end = undefined;
    end?.();
  }

  private answer(request: Message, reply: Reply): void {
    const { header, content } = request;
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
        return reply("comm_info_reply", this.comms.info(content["target_name"]));
      case "comm_open":
      case "comm_msg":
      case "comm_close":
        return this.takeComm(request);
    }
  }

  /** What handlers print belongs to the message, until they return. */
  private takeComm(message: Message): void {
    const { header } = message;
    const idle = this.end;
    const endCapture = this.queue.capture(
      new Outputs(header, "comm", (type, content) => this.publish(header, type, content)),
    );
    this.end = () => {
      endCapture();
      idle?.();
    };
    this.comms.take(message);
  }
}
