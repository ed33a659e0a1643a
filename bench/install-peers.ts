// npm run peers: what `npm run bench` measures against and what tests call as independent clients, once, outside the
// checkout. PyTorch, 5 GB from PyPI, is fetched only when asked for: npm run peers -- --torch.
import { RecsysError } from "recsys-unlearning/core";
import { installTorch, torchPython } from "./engine/torch";
import { installPeers, peerPython } from "./peers";

async function install(): Promise<void> {
  await installPeers();
  if (process.argv.includes("--torch")) await installTorch();
  console.log(`the peers' Python: ${peerPython()}`);
  const torch = await torchPython();
  console.log(
    torch === null
      ? "no PyTorch: npm run peers -- --torch (5 GB), or Debian's python3-torch with libopenblas0-pthread"
      : `PyTorch: ${torch}`,
  );
}

install().catch((error: unknown) => {
  if (!(error instanceof RecsysError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
