import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionInfo, runtimeFolderPrefix } from "../protocol/connection";

const ip = "127.0.0.1";

/** Ports that are free now, all held at once so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, ip, resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A connection file for one kernel, in a folder of its own that nobody else may read. */
export interface ConnectionFile {
  readonly path: string;
  readonly connection: ConnectionInfo;
  readonly remove: () => void;
}

export async function writeConnectionFile(): Promise<ConnectionFile> {
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts(5);
  const connection: ConnectionInfo = {
    transport: "tcp",
    ip,
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
    ...{ shell_port, iopub_port, stdin_port, control_port, hb_port },
  };
  const folder = mkdtempSync(join(tmpdir(), runtimeFolderPrefix));
  const path = join(folder, "connection.json");
  writeFileSync(path, JSON.stringify(connection), { mode: 0o600 });
  return { path, connection, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
