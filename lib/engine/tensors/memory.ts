import type { Tensor, TensorInfo, TypedArray } from "@tensorflow/tfjs-core";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { EngineError } from "../../core";
import { withChecks } from "../checks";
import type { Operations, RawOperations } from "../operations";
import { referenceOperations } from "../reference";
import { type SimdMemory, simdOperations } from "../simd";
import type { TensorLibrary } from "./library";

/** The values of tensors where they lie, and the operations that work on them there. Absent on the native backend. */
export interface TensorMemory {
  readonly operations: Operations;
  /** A tensor whose content is not set yet. */
  make(shape: number[], dtype?: "float32" | "int32"): Tensor;
  /** The float32 values of a tensor, not a copy; valid as long as it is. */
  floats(tensor: TensorInfo): Float32Array;
  /** The int32 values of a tensor, not a copy; valid as long as it is. */
  integers(tensor: TensorInfo): Int32Array;
  /** Whether another tensor has the same values, so that a change in place would change it too. */
  isShared(tensor: TensorInfo): boolean;
  /** A further tensor with the same values, not a copy. */
  share(tensor: TensorInfo): TensorInfo;
}

/** Of an Emscripten module, the parts that its own types leave out. */
interface EmscriptenHeap {
  readonly asm: { readonly memory: WebAssembly.Memory };
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
}

/** Puts other operations in the place of some of the SIMD form's, on the same memory. */
type Replace = (raw: RawOperations, memory: SimdMemory) => RawOperations;

/** Tensors of the wasm backend: the SIMD operations run on the backend's own heap. */
export function wasmTensorMemory(tf: TensorLibrary, replace: Replace = (raw) => raw): TensorMemory {
  const backend = tf.backend() as BackendWasm;
  const heap = backend.wasm as unknown as EmscriptenHeap;
  const buffers = new WeakSet<ArrayBufferLike>(); // each growth gives another window on the same bytes
  const simdMemory: SimdMemory = {
    memory: heap.asm.memory,
    owns: (buffer) => buffer === heap.HEAPU8.buffer || buffers.has(buffer),
    reserve: (bytes) => alignTo16(heap._malloc(bytes + 16) >>> 0),
  };
  const operations = withChecks(replace(simdOperations(simdMemory), simdMemory));
  const view = (tensor: TensorInfo) => {
    const array = backend.typedArrayFromHeap(tensor);
    buffers.add(array.buffer);
    return array;
  };
  return {
    operations,
    make: (shape, dtype = "float32") => tf.engine().makeTensorFromTensorInfo(backend.makeOutput(shape, dtype)),
    floats: (tensor) => expectType(view(tensor), Float32Array),
    integers: (tensor) => expectType(view(tensor), Int32Array),
    isShared: ({ dataId }) => backend.refCount(dataId) > 1,
    share: (tensor) => shared(backend, tensor),
  };
}

/** Of a backend, how it knows what values are still in use. */
interface CountsReferences {
  refCount(id: object): number;
  incRef(id: object): void;
}

function shared(backend: CountsReferences, { dataId, shape, dtype }: TensorInfo): TensorInfo {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}

/** Of the cpu backend, the part we use. */
interface CpuBackend extends CountsReferences {
  readonly data: { get(id: object): { values: TypedArray } };
  makeTensorInfo(shape: number[], dtype: string, values: TypedArray): TensorInfo;
}

/** Tensors of the cpu backend: the reference operations run on its arrays. */
export function cpuTensorMemory(tf: TensorLibrary): TensorMemory {
  const backend = tf.backend() as unknown as CpuBackend;
  const values = ({ dataId }: TensorInfo) => backend.data.get(dataId).values;
  return {
    operations: withChecks(referenceOperations),
    make(shape, dtype = "float32") {
      const size = tf.util.sizeFromShape(shape);
      const array = dtype === "float32" ? new Float32Array(size) : new Int32Array(size);
      return tf.engine().makeTensorFromTensorInfo(backend.makeTensorInfo(shape, dtype, array));
    },
    floats: (tensor) => expectType(values(tensor), Float32Array),
    integers: (tensor) => expectType(values(tensor), Int32Array),
    isShared: ({ dataId }) => backend.refCount(dataId) > 1,
    share: (tensor) => shared(backend, tensor),
  };
}

function alignTo16(address: number): number {
  return Math.ceil(address / 16) * 16;
}

function expectType<T>(array: TypedArray, type: new (...values: never[]) => T): T {
  if (array instanceof type) return array;
  throw new EngineError(`a tensor holds a ${array.constructor.name}, not a ${type.name}`, {
    remedy: "cast the tensor first",
  });
}
