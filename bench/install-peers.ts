// npm run peers: what `npm run bench` measures against and what tests call as independent clients, once, outside the
// checkout. PyTorch, 5 GB from PyPI, is fetched only when asked for: npm run peers -- --torch. So are libraries of
// recommenders: npm run peers -- --libraries, which fetches PyTorch, too, where there is none.
import { RecsysError } from "recsys-unlearning/core";
import { installTorch, torchPython } from "./engine/torch";
import { fetchOfficialGru4Rec, officialGru4Rec } from "./libraries/official-checkout";
import { installLibrary, labelOf, libraryNames, libraryPython } from "./libraries/venvs";
import { installPeers, peerPython } from "./peers";

const wants = (flag: string) => process.argv.includes(flag);

async function install(): Promise<void> {
  await installPeers();
  if (wants("--torch")) await installTorch();
  if (wants("--libraries")) await installLibraries();
  console.log(`the peers' Python: ${peerPython()}`);
  const torch = await torchPython();
  console.log(
    torch === null
      ? "no PyTorch: npm run peers -- --torch (5 GB), or Debian's python3-torch with libopenblas0-pthread"
      : `PyTorch: ${torch}`,
  );
  const missing = "npm run peers -- --libraries (1.2 GB beside PyTorch)";
  for (const name of libraryNames) console.log(`${labelOf(name)}: ${libraryPython(name) ?? missing}`);
  console.log(`official GRU4Rec, free for research and education: ${officialGru4Rec() ?? missing}`);
}

/** What cannot be had is said; the others are installed all the same. */
async function installLibraries(): Promise<void> {
  if ((await torchPython()) === null) await attempt(installTorch);
  for (const name of libraryNames) await attempt(() => installLibrary(name));
  await attempt(fetchOfficialGru4Rec);
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof RecsysError)) throw error;
    console.error(`left out: ${error.message}`);
  }
}

install().catch((error: unknown) => {
  if (!(error instanceof RecsysError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
