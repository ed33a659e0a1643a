// npm run peers: what `npm run bench` measures against and what tests call as independent clients, once, outside the checkout.
import { RecsysError } from "recsys-unlearning/core";
import { installPeers, peerPython } from "./peers";

installPeers().then(
  () => console.log(`the peers' Python: ${peerPython()}`),
  (error: unknown) => {
    if (!(error instanceof RecsysError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  },
);
