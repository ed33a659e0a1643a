// Makes the memory of a WebAssembly module a shared one. Code and data stay byte for byte.

const memorySection = 5;
/** One memory, of a least and a most size; and the same, shared. */
const [bounded, shared] = [0x01, 0x03];

/** An unsigned LEB128 number: its value, and where the next byte is. */
function readNumber(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value |= (byte & 127) << shift;
    if (byte < 128) return { value: value >>> 0, next: at };
  }
}

/**
 * A copy of a module whose one memory is shared.
 *
 * @throws Error when the module does not define one memory of its own with a most size, not shared yet
 */
export function withSharedMemory(bytes) {
  for (let at = 8; at < bytes.length;) {
    const id = bytes[at];
    const { value: size, next: start } = readNumber(bytes, at + 1);
    if (id === memorySection) {
      const [count, flags] = bytes.subarray(start, start + 2);
      if (count !== 1 || flags !== bounded)
        throw new Error(`expected one memory with flags ${bounded}: ${count}, flags ${flags}`);
      const copy = Uint8Array.from(bytes);
      copy[start + 1] = shared;
      return copy;
    }
    at = start + size;
  }
  throw new Error("the module defines no memory");
}
