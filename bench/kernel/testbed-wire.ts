// Jupyter's messages, written once more: a suite that judges the kernel shares no code with it.
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Content = Record<string, unknown>;

export interface Message {
  readonly header: { readonly msg_id: string; readonly msg_type: string };
  readonly parent_header: Content;
  readonly content: Content;
}

type Channel = "shell" | "iopub" | "stdin" | "control" | "hb";
const channels: readonly Channel[] = ["shell", "iopub", "stdin", "control", "hb"];
const delimiter = "<IDS|MSG>";

export class Wire {
  private readonly key = randomUUID();
  private readonly session = randomUUID();

  frames(type: string, content: object, parent: object = {}): { id: string; frames: string[] } {
    const id = randomUUID();
    const date = new Date().toISOString();
    const header = { msg_id: id, msg_type: type, session: this.session, username: "testbed", date, version: "5.3" };
    const parts = [header, parent, {}, content].map((part) => JSON.stringify(part));
    return { id, frames: [delimiter, this.signature(parts), ...parts] };
  }

  /** @returns `undefined` for frames that are no message of this connection */
  read(frames: readonly Buffer[]): Message | undefined {
    const at = frames.findIndex((frame) => frame.toString() === delimiter);
    const parts = frames.slice(at + 2, at + 6).map(String);
    if (at < 0 || parts.length < 4 || frames[at + 1].toString() !== this.signature(parts)) return undefined;
    const [header, parent_header, , content] = parts.map((part) => JSON.parse(part) as Content);
    return { header: header as Message["header"], parent_header, content };
  }

  /** The content of a connection file. */
  connection(ports: Readonly<Record<Channel, number>>): object {
    const named = Object.fromEntries(channels.map((name) => [`${name}_port`, ports[name]]));
    return { transport: "tcp", ip: "127.0.0.1", key: this.key, signature_scheme: "hmac-sha256", ...named };
  }

  private signature(parts: readonly string[]): string {
    const hmac = createHmac("sha256", this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }
}

/** A kernel's process, and where its sockets are. */
export interface Launched {
  readonly address: (channel: Channel) => string;
  readonly stop: () => void;
}

/** @param argv with `{connection_file}` */
export async function launch(argv: readonly string[], cwd: string, wire: Wire): Promise<Launched> {
  const ports = await freePorts();
  const folder = mkdtempSync(join(tmpdir(), "testbed-"));
  const file = join(folder, "connection.json");
  writeFileSync(file, JSON.stringify(wire.connection(ports)), { mode: 0o600 });
  const [command, ...args] = argv.map((word) => word.replace("{connection_file}", file));
  const kernel: ChildProcess = spawn(command, args, { cwd, stdio: "ignore" });
  kernel.on("error", () => undefined); // it does not answer, which its tests say
  return {
    address: (channel) => `tcp://127.0.0.1:${ports[channel]}`,
    stop: () => {
      kernel.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Ports that are free now, all held at once so that they differ. */
async function freePorts(): Promise<Record<Channel, number>> {
  const servers = await Promise.all(
    channels.map(async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return Object.fromEntries(channels.map((name, i) => [name, ports[i]])) as Record<Channel, number>;
}
