import type { MimeBundle, MimeData } from "recsys-unlearning/core";
import type { ExecuteRequest, Header } from "../protocol/message";
import { Outputs, type Publish } from "./outputs";

/** One cell that runs or ran: its place in history and its outputs. */
export class Cell extends Outputs {
  readonly interruption = new AbortController();
  /** Whether its end has been decided. */
  settled = false;
  /** Whether an interrupt has come for it. */
  isInterrupted = false;
  /** What the client is to show in its pager when the cell has ended. */
  readonly pages: MimeData[] = [];
  /** The text of its value, once it is shown. */
  resultText: string | undefined;
  /** Who wants to know of it. */
  readonly onSettled: (() => void)[] = [];

  /**
   * @param name the script name, `cell[n]`
   * @param count the number in history
   * @param silent whether nothing may be published
   */
  constructor(
    header: Header,
    readonly request: ExecuteRequest,
    name: string,
    readonly count: number,
    silent: boolean,
    publish: Publish,
  ) {
    super(header, name, (type, content) => (silent ? undefined : publish(header, type, content)));
  }

  showInput(): void {
    this.send("execute_input", { code: this.request.code, execution_count: this.count });
  }

  showResult({ data, metadata }: MimeBundle): void {
    this.flush();
    this.resultText = String(data["text/plain"] ?? "");
    this.send("execute_result", { data, metadata, execution_count: this.count });
  }
}
