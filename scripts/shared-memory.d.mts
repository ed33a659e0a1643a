export function withSharedMemory(bytes: Uint8Array): Uint8Array;
